"""All names that a spec can write: what grammars for constrained decoding are closed over."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from archdsl.catalog import files
from archdsl.cost.catalog import find as find_metric
from archdsl.cost.catalog import words as metric_words
from archdsl.evaluate.arithmetic import FUNCTIONS
from archdsl.evaluate.measures import TRAINED
from archdsl.evaluate.scalars import SIZES
from archdsl.ops import catalog as ops
from archdsl.ops.binding import parameters
from archdsl.resolve.blocks import library, library_block
from archdsl.rules.catalog import all_rules
from archdsl.spec import catalog as clauses
from archdsl.syntax import nodes
from archdsl.syntax.names import Call, Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.ops.base import Op
    from archdsl.ops.parameters import Accepts
    from archdsl.spec.fields import ClauseModel

_OF_CONDITIONS = ("all", "any", "not", "size")
_SORTS = {"whole": "amount", "real": "amount", "flag": "flag", "extent": "extent", "tensor": "OWN"}


@cache
def names() -> Names:
    """What there is today."""
    layers = {**{word: _op(word) for word in ops.words()}, **_blocks()}
    numbers = {word: Call(more="amount") for word in FUNCTIONS if word not in _OF_CONDITIONS}
    calls = {f"{clause}_call": _clause(clause) for clause in clauses.CLAUSES}
    bare = [word for word, call in layers.items() if not call.needed and not call.more]
    metrics = tuple(_metric(word) for word in metric_words())
    return Names(
        {**calls, "layer_call": layers, "number_call": numbers},
        {
            "bare": _quoted(bare),
            "principle": _quoted(rule.slug() for rule in all_rules()),
            "task_name": _quoted(_widths()),
            "extent_name": _quoted(SIZES),
            "metric": metrics,
            "goal": (*_quoted(TRAINED), "metric"),
        },
    )


def _quoted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(f'"{word}"' for word in words)


def _one_of(words: Iterable[str]) -> str:
    return f"({' | '.join(_quoted(words))})"


def _op(word: str) -> Call:
    """An op takes its branches, then its arguments; those with a default go by name."""
    op: type[Op] = ops.find(word)  # type: ignore[assignment]
    found = parameters(op)
    needed = [_accepted(one.accepts) for one in found if one.required]
    branches = op.branches
    placed = ["layer"] * (branches.minimum if branches.variadic else len(branches.names))
    named = {one.name: _accepted(one.accepts) for one in found if not one.required}
    named |= dict.fromkeys(branches.optional, "layer")
    return Call((*placed, *needed), "layer" if branches.variadic else "", named)


def _accepted(accepts: Accepts) -> str:
    """The rule of what an argument of an op may be."""
    if accepts.kind == "word":
        return _one_of(accepts.names)
    sort = _SORTS.get(accepts.kind, "value")
    return f"({sort} | {_one_of(accepts.names)})" if accepts.names else sort


def _blocks() -> dict[str, Call]:
    found = {}
    for word in library():
        block = library_block(word)
        needed = [_sort(one) for one in block.parameters if one.default is None]
        named = {one.name.id: _sort(one) for one in block.parameters if one.default is not None}
        found[word] = Call(tuple(needed), "", named)
    return found


def _sort(parameter: nodes.Parameter) -> str:
    """What a block's parameter may be, by its default."""
    default = parameter.default
    if isinstance(default, nodes.Number):
        return "amount"
    if isinstance(default, nodes.Name) and default.id in ("true", "false"):
        return "flag"
    if isinstance(default, nodes.Name) and ops.find(default.id) is not None:
        return "layer"
    return "value"


def _clause(clause: str) -> dict[str, Call]:
    found = {}
    for word in clauses.words(clause):
        model: type[ClauseModel] = clauses.find(clause, word)  # type: ignore[assignment]
        number = "amount" if clause == "train" else "quantity"
        sorts = {
            name: _told(field.annotation, str(field.metadata), number)
            for name, field in model.model_fields.items()
        }
        required = [name for name, field in model.model_fields.items() if field.is_required()]
        placed = [name for name in model.positional if name in required]
        told = [f'"{name}" "=" {sorts[name]}' for name in required if name not in placed]
        named = {name: sort for name, sort in sorts.items() if name not in required}
        found[word] = Call((*(sorts[name] for name in placed), *told), "", named)
    return found


def _told(annotation: Any, notes: str, number: str) -> str:
    """The rule of what an argument of a clause may be, by the type of its field."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return _one_of(inner)
    if annotation is bool:
        return "flag"
    if origin is tuple:
        return "list" if int in map(_plain, inner) else "OWN"
    notes = f"{notes} {annotation}"
    if "name of a device" in notes:
        return _one_of(devices())
    if "name of an input" in notes:
        return "OWN"
    literal = next((one for one in inner if get_origin(one) is Literal), None)
    if literal is not None:
        return _one_of(get_args(literal))
    whole = annotation is int or int in map(_plain, inner)
    return "WHOLE" if whole and number == "quantity" else number


def _plain(annotation: Any) -> Any:
    """A type without its notes."""
    return next(iter(get_args(annotation)), annotation)


def _widths() -> tuple[str, ...]:
    """The numbers that a model reads off its task and its data: ``classes``, ``vocab``."""
    asked = (name for task in clauses.tasks().values() for name in task.positional)
    return tuple(dict.fromkeys((*asked, "vocab")))


def _metric(word: str) -> str:
    """How a metric stands in a requirement: by itself, of a device, of a mode."""
    metric = find_metric(word)
    written = metric.signature if metric is not None else ""
    first = written.partition("(")[2].rstrip(")").partition(",")[0]
    if first == "DEVICE":
        return f'"{word}" "(" {_one_of(devices())} ")"'
    if first and not first.endswith("="):
        return f'"{word}" "(" {_one_of(first.split("|"))} ")"'
    return f'"{word}"'


def devices() -> tuple[str, ...]:
    """The devices that are known by name."""
    return tuple(files("archdsl.cost.devices", ".arch"))
