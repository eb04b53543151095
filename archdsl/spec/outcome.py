"""What a task wants of a model's output, and the words when the model gives something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types

if TYPE_CHECKING:
    from archdsl.types import TensorType


class WrongOutput(NamedTuple):
    """Data, task and model do not go together.

    ``head`` is a layer that appended to the model makes them fit; ``place`` that of the result
    among several, and of its task.
    """

    code: str
    message: str
    needed: str = ""
    help: str = ""
    head: str = ""
    place: int = 0


_GRIDS = {"pixel": ("image", "volume"), "token": ("sequence", "tokens"), "node": ("nodes",)}


def has_answers(per: str | None, takes: TensorType) -> bool:
    """Whether data has positions of which there could be one answer each; for ``per=graph``,
    whether it is a graph."""
    if per == "graph":
        return isinstance(takes, types.Nodes)
    return per in _GRIDS and takes.kind in _GRIDS[per]


def expected(per: str, width: int, takes: TensorType) -> TensorType | WrongOutput:
    """The output type with ``width`` numbers ``per`` something of the data."""
    if per in _GRIDS and takes.kind not in _GRIDS[per]:
        return _no_such(per, takes)
    if per in ("sample", "graph"):
        return _whole(per, width, takes)
    if isinstance(takes, types.Tokens):
        return types.Sequence(takes.length, width)
    return types.with_channels(takes, width)


def _whole(per: str, width: int, takes: TensorType) -> TensorType | WrongOutput:
    if types.is_one_graph(takes):
        return WrongOutput(
            "E441",
            f"`per={per}` needs many graphs, the data is a single one",
            needed="`per=node`, or `graphs=` in the data clause",
        )
    if per == "graph" and not isinstance(takes, types.Nodes):
        return _no_such(per, takes)
    return types.Vector(width)


def _no_such(per: str, takes: TensorType) -> WrongOutput:
    fits = [name for name, kinds in _GRIDS.items() if takes.kind in kinds]
    if isinstance(takes, types.Nodes):
        fits.append("graph")
    return WrongOutput(
        "E441",
        f"`per={per}` does not fit: the data is {types.said(takes)}",
        needed=" or ".join(f"`per={unit}`" for unit in ("sample", *fits)),
    )


def tasks_of(out: TensorType, count: int) -> tuple[int | None, ...]:
    """For each result of a model, which of ``count`` tasks it is about. Those that are always there
    have a task each, in order, and others none; one of training only has that of the result before
    it, the last task if that result has none."""
    found: list[int | None] = []
    always = 0
    for part in out.parts if isinstance(out, types.Outputs) else (out,):
        if isinstance(part, types.Auxiliary):
            found.append(min(always, count) - 1)
            continue
        found.append(always if always < count else None)
        always += 1
    return tuple(found)


def compare(out: TensorType, want: TensorType, task: str, adjustable: bool) -> WrongOutput | None:
    """What is wrong with ``out`` where ``want`` is wanted; None when nothing is."""
    if isinstance(out, types.Outputs):
        asked = {0: out.parts[0]}
        asked |= {n: x.part for n, x in enumerate(out.parts) if isinstance(x, types.Auxiliary)}
        found = {n: _compared(part, want, task, adjustable) for n, part in asked.items()}
        wrong = (one._replace(place=n) for n, one in found.items() if one is not None)
        return next(wrong, None)
    return _compared(out, want, task, adjustable)


def _compared(out: TensorType, want: TensorType, task: str, adjustable: bool) -> WrongOutput | None:
    if out.kind == want.kind and types.shape(out) == types.shape(want):
        return None
    needed = types.said(want)
    message = f"`{task}` needs {needed}, the model gives {types.said(out)}"
    if not _only_width_differs(out, want):
        return _other_kind(out, want, message, needed)
    help = f"end with `{_last_layer(want)}`"
    if adjustable:
        help += f", or change the task to `{task.partition('(')[0]}({types.channels(out)})`"
    return WrongOutput("E442", message, needed, help, _last_layer(want))


def _only_width_differs(out: TensorType, want: TensorType) -> bool:
    if out.kind != want.kind or out.kind in ("tokens", "outputs"):
        return False
    return types.shape(types.with_channels(out, types.channels(want))) == types.shape(want)


def _last_layer(want: TensorType) -> str:
    """The layer that sets the width of an output."""
    word, more = ("conv", ", 1") if want.kind in ("image", "volume") else ("linear", "")
    return f"{word}({types.channels(want)}{more})"


_POOLS = {
    "image": "global_avg_pool",
    "volume": "global_avg_pool",
    "sequence": "global_avg_pool",
    "nodes": "graph_pool(mean)",
}


def _other_kind(out: TensorType, want: TensorType, message: str, needed: str) -> WrongOutput:
    """How to get from one kind or extent to another, where there is one usual way."""
    if want.kind == "vector" and out.kind in _POOLS:
        head = f"{_POOLS[out.kind]} -> {_last_layer(want)}"
        return WrongOutput("E442", message, needed, f"end with `{head}`", head)
    return WrongOutput("E442", message, needed, _advice(out, want))


def _advice(out: TensorType, want: TensorType) -> str:
    if out.kind == "tokens":
        return "start with `embedding(…)`: these are still the token ids"
    if out.kind == want.kind and types.spatial(want):
        sizes = "×".join(map(str, types.spatial(want)))
        return f"bring the output back to {sizes}, for instance with `upsample`"
    if out.kind == "vector":
        return f"keep the {want.kind}: a layer before gathered it into one vector"
    return ""
