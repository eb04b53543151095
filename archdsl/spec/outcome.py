"""What a task wants of a model's output, and the words when the model gives something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types

if TYPE_CHECKING:
    from archdsl.types import TensorType


class Mismatch(NamedTuple):
    """Data, task and model do not go together.

    ``argument`` of the task would be right with ``replacement``, when that is a way out too.
    """

    code: str
    message: str
    needed: str = ""
    help: str = ""
    argument: str = ""
    replacement: str = ""


_GRIDS = {"pixel": ("image", "volume"), "token": ("sequence", "tokens"), "node": ("nodes",)}


def expected(per: str, width: int, takes: TensorType) -> TensorType | Mismatch:
    """The output type with ``width`` numbers ``per`` something of the data."""
    if per in _GRIDS and takes.kind not in _GRIDS[per]:
        return _no_such(per, takes)
    if per in ("sample", "graph"):
        return _whole(per, width, takes)
    if isinstance(takes, types.Tokens):
        return types.Sequence(takes.length, width)
    return types.with_channels(takes, width)


def _whole(per: str, width: int, takes: TensorType) -> TensorType | Mismatch:
    if isinstance(takes, types.Nodes) and not takes.graphs:
        return Mismatch(
            "E420",
            f"`per={per}` needs many graphs, the data is a single one",
            needed="`per=node`, or `graphs=` in the data clause",
        )
    if per == "graph" and not isinstance(takes, types.Nodes):
        return _no_such(per, takes)
    return types.Vector(width)


def _no_such(per: str, takes: TensorType) -> Mismatch:
    fits = [name for name, kinds in _GRIDS.items() if takes.kind in kinds]
    if isinstance(takes, types.Nodes):
        fits.append("graph")
    return Mismatch(
        "E420",
        f"`per={per}` does not fit: the data is a {types.describe(takes)}",
        needed=" or ".join(f"`per={unit}`" for unit in ("sample", *fits)),
    )


def compare(out: TensorType, want: TensorType, task: str, adjustable: str) -> Mismatch | None:
    """What is wrong with ``out`` where ``want`` is wanted; None when nothing is."""
    if isinstance(out, types.Outputs):
        out = out.parts[0]
    if out.kind == want.kind and types.shape(out) == types.shape(want):
        return None
    needed = f"a {types.describe(want)}"
    message = f"the model gives a {types.describe(out)}, `{task}` needs {needed}"
    if not _only_width_differs(out, want):
        return Mismatch("E421", message, needed, _reshape(out, want))
    found = types.channels(out)
    help = f"end with `{_head(want)}`"
    if adjustable:
        word = task.partition("(")[0]
        help += f", or change the task to `{word}({found})`"
    return Mismatch("E421", message, needed, help, adjustable, str(found) if adjustable else "")


def _only_width_differs(out: TensorType, want: TensorType) -> bool:
    if out.kind != want.kind or out.kind in ("tokens", "outputs"):
        return False
    return types.shape(types.with_channels(out, types.channels(want))) == types.shape(want)


def _head(want: TensorType) -> str:
    """The layer that sets the width of an output."""
    width = types.channels(want)
    is_grid = want.kind in ("image", "volume")
    return f"conv({width}, 1)" if is_grid else f"linear({width})"


_POOLS = {
    "image": "global_avg_pool -> ",
    "volume": "global_avg_pool -> ",
    "sequence": "global_avg_pool -> ",
    "nodes": "graph_pool(mean) -> ",
}


def _reshape(out: TensorType, want: TensorType) -> str:
    """How to get from one kind or extent to another, where there is one usual way."""
    if out.kind == "tokens":
        return "start with `embedding(…)`: these are still the token ids"
    if want.kind == "vector" and out.kind in _POOLS:
        return f"end with `{_POOLS[out.kind]}{_head(want)}`"
    if out.kind == want.kind and types.spatial(want):
        sizes = "×".join(map(str, types.spatial(want)))
        return f"bring the output back to {sizes}, for instance with `upsample`"
    if out.kind == "vector":
        return f"keep the {want.kind}: a layer before gathered it into one vector"
    return ""
