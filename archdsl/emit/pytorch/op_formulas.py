"""What an op makes of formulas: of its arguments, and of the sizes that flow in.

The op itself is asked, with numbers that remember where they come from. Where its code decides by
their values, that shows only for other values: so each formula is tried on some, and what does not
hold there is said to be lost.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.emit.pytorch.defaults import default_of
from archdsl.emit.pytorch.literals import same
from archdsl.emit.pytorch.modules import UNSET
from archdsl.formulas import Formula, Origin, is_known, lost, replaced, source, value_of
from archdsl.ops.base import OpError
from archdsl.traced import Traced, of, traced
from archdsl.types import unpadded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archdsl.ops.base import Op, Spelling
    from archdsl.types import TensorType

Asked = tuple[
    str, str
]  # "argument" of the submodule, "value" of the function, "size" of the result


class OpFormulas(NamedTuple):
    """What follows from what goes into an op: the type it gives, with numbers that remember, and
    the formulas of what is written of it, by name."""

    out: Any
    arguments: dict[str, Any]
    values: dict[str, Any]


class Said(NamedTuple):
    """What an op says for some values."""

    told: dict[Asked, Any]
    spelling: Spelling


class Asking:
    """Remembers what ops answered; ``answer`` asks one.

    Answers are kept by everything but the values of what is traced: an answer found for some of
    them is taken for others when it tells what the op says there.
    """

    def __init__(self) -> None:
        self._known: dict[Any, list[dict[Asked, Any]]] = defaultdict(list)

    def answer(
        self, op: Op, given: Mapping[str, Any], takes: list[TensorType], out: TensorType
    ) -> OpFormulas:
        """``given`` are the formulas of its arguments, ``takes`` the types that flow in."""
        outer: dict[Origin, Any] = {}
        here = {name: _local("argument", name, outer, f) for name, f in given.items()}
        inputs = [_localised(tensor, place, outer) for place, tensor in enumerate(takes)]
        if not outer:
            return OpFormulas(out, {}, {})
        base = {one: _current(op, takes, one) for one in outer}
        found = self._found(op, here, inputs, base)
        told = {asked: replaced(formula, outer) for asked, formula in found.items()}
        return OpFormulas(
            _result(out, told),
            {name: formula for (kind, name), formula in told.items() if kind == "argument"},
            {name: formula for (kind, name), formula in told.items() if kind == "value"},
        )

    def _found(
        self, op: Op, here: Mapping[str, Formula], inputs: list[Any], base: dict[Origin, Any]
    ) -> dict[Asked, Any]:
        known = self._known[_key(op, here, inputs)]
        said = _said(op, list(map(_plain, inputs)))
        for found in known:
            if _tells(found, said, base):
                return found
        known.append(_answers(op, here, inputs, base, said))
        return known[-1]


def _key(op: Op, here: Mapping[str, Formula], inputs: list[Any]) -> Any:
    """What is asked, whatever the values of what is traced."""
    fixed = tuple(v for name, v in vars(op).items() if name not in here)
    kinds = tuple(type(getattr(op, name)) for name in here)
    flows = tuple((type(tensor), *map(of, tensor)) for tensor in inputs)
    return (type(op), *map(_typed, fixed), kinds, flows, *here.items())


def _typed(value: Any) -> Any:
    return (type(value), value)


def _tells(found: dict[Asked, Any], said: Said, base: dict[Origin, Any]) -> bool:
    """Whether an answer tells what the op says for other values."""
    if not said.told.keys() <= found.keys():
        return False
    known = ((name, formula) for name, formula in found.items() if is_known(formula))
    return all(
        _holds(formula, base, said.told.get(name, _default(name, said))) for name, formula in known
    )


def _local(kind: str, name: str, outer: dict[Origin, Any], formula: Any) -> Formula:
    """What stands for a formula inside the op: the same for two that are equal."""
    for one, other in outer.items():
        if is_known(formula) and formula == other and kind == one.kind:
            return source(*one)
    outer[Origin(kind, name)] = formula
    return source(kind, name)


def _localised(tensor: Any, place: int, outer: dict[Origin, Any]) -> Any:
    changed = {
        name: Traced(int(size), _local("flow", f"{place}.{name}", outer, size.formula))
        for name, size in _sizes(tensor).items()
        if isinstance(size, Traced)
    }
    return tensor._replace(**changed) if changed else tensor


def _sizes(tensor: Any) -> dict[str, Any]:
    return {n: v for n, v in tensor._asdict().items() if isinstance(v, int)}


def _with(op: Any, changed: dict[str, Any]) -> Any:
    return replace(op, **changed)


def _plain(tensor: Any) -> Any:
    return tensor._replace(**{n: int(v) for n, v in _sizes(tensor).items()})


def _current(op: Op, takes: list[TensorType], one: Origin) -> Any:
    if one.kind == "argument":
        return getattr(op, one.name)
    place, name = one.name.split(".")
    return int(getattr(takes[int(place)], name))


def _result(out: Any, told: dict[Asked, Any]) -> Any:
    changed = {
        name: traced(int(size), told[("size", name)])
        for name, size in _sizes(out).items()
        if isinstance(told.get(("size", name)), Formula)
    }
    return out._replace(**changed) if changed else out


def _answers(
    op: Op,
    here: Mapping[str, Formula],
    inputs: list[Any],
    base: dict[Origin, Any],
    said: Said,
) -> dict[Asked, Any]:
    """The formula of everything asked, over the op's own arguments and what flows in; ``said`` is
    what it says for the values of ``base``."""
    remembering = {n: Traced(v, here[n]) for n in here if type(v := getattr(op, n)) is int}
    traces = _said(_with(op, remembering), inputs).told
    tried = [(base, said), *_tried(op, here, inputs, base)]
    asked = dict.fromkeys(name for _, other in tried for name in other.told)
    return {name: _formula(name, traces, tried, base) for name in asked}


def _formula(
    name: Asked,
    traces: dict[Asked, Any],
    tried: list[tuple[dict[Origin, Any], Said]],
    base: dict[Origin, Any],
) -> Any:
    values = [(given, other.told.get(name, _default(name, other))) for given, other in tried]
    now = values[0][1]
    candidates = [of(traces[name])] if name in traces else []
    candidates += [now, *(source(*one) for one, value in base.items() if same(value, now))]
    for candidate in candidates:
        if all(_holds(candidate, given, value) for given, value in values):
            return candidate
    return lost(frozenset(one for one in base if _decides(one, values)) or frozenset(base))


def _decides(one: Origin, values: list[tuple[dict[Origin, Any], Any]]) -> bool:
    """Whether a source makes a difference where all others stay as they are."""
    found: dict[Any, Any] = {}
    for given, value in values:
        others = tuple(v for source_, v in given.items() if source_ != one)
        before = found.setdefault(others, value)
        if before is not value and (type(before) is not type(value) or before != value):
            return True
    return False


def _default(name: Asked, said: Said) -> Any:
    return default_of(said.spelling, name[1]) if name[0] == "argument" else UNSET


def _holds(candidate: Any, given: dict[Origin, Any], value: Any) -> bool:
    try:
        found = value_of(candidate, given)
    except (ArithmeticError, ValueError, TypeError):
        return False
    return found is value or bool(found == value and type(found) is type(value))


def _said(op: Op, inputs: list[Any]) -> Said:
    """Everything that an op says. Raises :class:`OpError`."""
    out = op.infer(*map(unpadded, inputs))
    spelling: Spelling = op.spelling(*inputs)
    told: dict[Asked, Any] = {("size", n): v for n, v in _sizes(out).items()}
    told.update({("value", n): v for n, v in spelling.values.items()})
    told[("text", "")] = spelling.function
    if spelling.module is not None:
        told[("callee", "")] = spelling.module.makers
        told.update({("argument", n): v for n, v in spelling.module.arguments.items()})
    return Said(told, spelling)


def _tried(
    op: Op, here: Mapping[str, Formula], inputs: list[Any], base: dict[Origin, Any]
) -> Iterator[Any]:
    """What it says for other values, those left out that it refuses."""
    for given in _others(op, base):
        try:
            changed = {name: given[formula.parts[0]] for name, formula in here.items()}
            flows = [_set(tensor, given) for tensor in inputs]
            yield given, _said(_with(op, changed), flows)
        except (OpError, ArithmeticError, ValueError, TypeError, AttributeError):
            continue


def _set(tensor: Any, given: dict[Origin, Any]) -> Any:
    sizes = {
        name: value_of(of(size), given) if isinstance(size, Traced) else size
        for name, size in _sizes(tensor).items()
    }
    return tensor._replace(**sizes)


def _others(op: Op, base: dict[Origin, Any]) -> Iterator[dict[Origin, Any]]:
    for factor in (2, 3):
        yield {s: factor * v if type(v) is int else v for s, v in base.items()}
    for one, value in base.items():
        for other in _other_values(op, one, value):
            yield {**base, one: other}
            doubled = {s: 4 * v if type(v) is int else v for s, v in base.items()}
            yield {**doubled, one: other}


def _other_values(op: Op, one: Origin, value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if type(value) is int:
        return [1, 2, 3, 4, 5, 7, value + 1, 2 * value, 8 * value]
    if type(value) is float:
        return [0.0, 0.25, 1.0, value / 2]
    if isinstance(value, str):
        (field,) = [f for f in fields(op) if f.name == one.name]  # type: ignore[arg-type]
        return list(field.metadata["accepts"].words)
    if isinstance(value, tuple):
        return [tuple(range(1, len(value) + 1)), tuple(range(3, len(value) + 3)), 1, 3]
    return [1, 2]
