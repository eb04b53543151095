"""``train …(freeze=backbone)``: which lets of the model are not trained, and what that makes of
them; ``adapter_rank=8``, which is for what is frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label, SpecError, meant
from archdsl.evaluate.layers import is_value
from archdsl.evaluate.open_clauses import ClauseChoice, Open, OpenClause
from archdsl.evaluate.results import OneResult
from archdsl.graph.nodes import Learning
from archdsl.spec.constants import constant
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from archdsl.diagnostics import Meant
    from archdsl.evaluate.body import Body
    from archdsl.evaluate.layers import Thing
    from archdsl.resolve.clauses import Told
    from archdsl.source import Span

WORD, RANK = "freeze", "adapter_rank"


class _Named(NamedTuple):
    """One name as it stands in ``freeze``."""

    name: str
    span: Span


class _Written(NamedTuple):
    """What one optimizer freezes."""

    names: tuple[_Named, ...]
    span: Span
    rank: Span | None = None  # where it asks for adapters

    @property
    def parts(self) -> frozenset[str]:
        return frozenset(one.name for one in self.names)


def frozen_lets(
    told: Told, model: Body, adaptable: Callable[[], frozenset[str]], findings: list[Diagnostic]
) -> Mapping[str, Learning]:
    """The lets of a model that ``train`` freezes. What is wrong with that is added to findings.

    A let that reads only the input and others that are still is still: no gradient comes to it.
    ``adaptable`` are the lets that may hold dense layers; one that is none, and reads only the
    input and others that are inert, is inert.
    """
    first, *others = _written(told) or (_Written((), model.span),)
    differing = [other for other in others if other.parts != first.parts]
    findings.extend(_differs(first, other) for other in differing)
    if differing:
        return {}
    lets = {name: thing for name, thing, _ in model.lets if not is_value(thing)}
    known = [name for name in lets if name.isidentifier()]  # not of several results together
    bound = {name for name, _, _ in model.lets}
    idle = [one for one in (first, *others) if _is_idle(one)]
    adapted = adaptable() if first.names or idle else frozenset()
    findings.extend(_nothing_frozen(one, known, adapted) for one in idle)
    unknown = [one for one in first.names if one.name not in lets]
    findings.extend(_no_part(one, known, one.name in bound) for one in unknown)
    return _learning(lets, first.parts, adapted)


def _learning(
    lets: Mapping[str, Thing], parts: Iterable[str], adapted: frozenset[str]
) -> dict[str, Learning]:
    """What training does to each let that is frozen, as one of the ``parts`` named."""
    wholes = {name: thing.whole for name, thing in lets.items() if isinstance(thing, OneResult)}
    named = {wholes.get(name, name) for name in parts}  # results are frozen together
    found: dict[str, Learning] = {}
    for name, thing in lets.items():
        if wholes.get(name, name) not in named:
            continue
        own = Learning.STILL if name in adapted else Learning.INERT
        before = [found.get(one, Learning.TRAINED) for one in thing.free & lets.keys()]
        least = min([own, *before])
        found[name] = least if least >= Learning.STILL else Learning.FROZEN
    return found


def _written(told: Told) -> tuple[_Written, ...]:
    """What each optimizer that a design may have freezes."""
    if told.clauses.train is None:  # not said, or refused
        return ()
    if "train" in told.open:
        return tuple(_read(clause.call) for clause in _alternatives(told.open["train"]))
    return (_read(told.clauses.calls["train"]),)


def _alternatives(clause: Open) -> Iterator[OpenClause]:
    if isinstance(clause, OpenClause):
        yield clause
        return
    assert isinstance(clause, ClauseChoice), "an optimizer is one clause"
    for option in clause.options:
        yield from _alternatives(option)


def _read(call: ast.Call) -> _Written:
    given = {argument.name: argument for argument in call.arguments}
    rank = given[RANK].span if RANK in given and not _is_zero(given[RANK].value) else None
    if WORD not in given:
        return _Written((), call.span, rank)
    value = given[WORD].value
    parts = value.items if isinstance(value, ast.List) else (value,)
    names = [_Named(_text(part), part.span) for part in parts]
    return _Written(tuple(names), given[WORD].span, rank)


def _is_zero(value: ast.Expression) -> bool:
    try:
        return bool(constant(value) == 0)
    except SpecError:  # a choice
        return False


def _is_idle(written: _Written) -> bool:
    """Whether it has adapters, and nothing that they could adapt."""
    return written.rank is not None and not written.names


def _text(part: ast.Expression) -> str:
    if isinstance(part, ast.Name):
        return part.id
    return part.value if isinstance(part, ast.Text) else ""


def _no_part(named: _Named, tensors: list[str], is_a_value: bool) -> Diagnostic:
    near = _meant(named, tensors)
    known = f"one of {', '.join(tensors)}" if tensors else "a model with `let` for its parts"
    what = "holds a value, no layers" if is_a_value else "is no `let` of the model"
    return Diagnostic(
        "E443",
        f"`{named.name}` {what}, so it cannot be frozen",
        named.span,
        needed=known,
        help=near.help or _UNNAMED,
        fix=near.fix,
    )


def _meant(named: _Named, tensors: list[str]) -> Meant:
    return meant(named.name, tensors, named.span)


def _nothing_frozen(written: _Written, tensors: list[str], adapted: frozenset[str]) -> Diagnostic:
    """Adapters where nothing is frozen: they could be for the parts that may hold dense layers."""
    span = written.rank
    assert span is not None
    parts = [name for name in tensors if name in adapted]
    fix = None
    if len(parts) == 1:
        before = span._replace(end=span.start)
        fix = Fix(f"freeze `{parts[0]}`", (Edit(before, f"{WORD}={parts[0]}, "),))
    return Diagnostic(
        "E445",
        "adapters are for what is frozen, and nothing is",
        span,
        needed=f"`{WORD}=` with one of {', '.join(parts)}" if parts else f"`{WORD}=` beside it",
        help=_way_to_adapt(parts, tensors),
        fix=fix,
    )


def _way_to_adapt(parts: list[str], tensors: list[str]) -> str:
    if parts:
        return f"`{WORD}={parts[0]}` trains adapters in its place"
    if tensors:
        told = ", ".join(f"`{name}`" for name in tensors)
        return f"leave `{RANK}` out: there is no dense layer in {told} to adapt"
    return _UNNAMED


_UNNAMED = "name what is to stay as it is: `model { let backbone = …; return backbone -> … }`"


def _differs(first: _Written, other: _Written) -> Diagnostic:
    return Diagnostic(
        "E444",
        "the optimizers of one `train` freeze different parts",
        other.span,
        trail=(Label(first.span, "the first one"),),
        needed="the same `freeze` for each",
        help="what is frozen is the same for all designs; another `arch` may freeze something else",
    )
