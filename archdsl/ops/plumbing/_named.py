"""Axes by their names: where each kind of tensor has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.types import Image, Nodes, Sequence, Vector, Volume, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.types import TensorType

AXES = ("channels", "features", "length", "depth", "height", "width")

_OF: dict[type, tuple[str, ...]] = {
    Vector: ("channels",),
    Sequence: ("length", "channels"),
    Nodes: ("", "channels"),
    Image: ("channels", "height", "width"),
    Volume: ("channels", "depth", "height", "width"),
}


def names(x: TensorType) -> tuple[str, ...]:
    """The axes of a tensor in PyTorch's order, the batch left out; that of a graph's nodes has no
    name."""
    return _OF.get(type(x), ())


def place(word: str, axis: str, x: TensorType) -> int:
    """Where a tensor has an axis. Raises where it has none. ``features`` are the channels of what
    has no positions, or one after another."""
    if axis == "features" and isinstance(x, (Vector, Sequence, Nodes)):
        axis = "channels"
    if axis not in names(x):
        kinds = tuple(kind for kind, axes in _OF.items() if axis in axes)
        kinds = kinds or (Vector, Sequence, Nodes)
        raise wrong_kind(f"{word}({axis})", x, kinds)
    return names(x).index(axis)


def dim(at: int, x: TensorType) -> int:
    """PyTorch's number of an axis: the batch comes first, and the last is written -1 but of images
    and volumes, whose channels are not the last. A graph's nodes are their own batch."""
    last = len(names(x)) - 1
    if at == last and not isinstance(x, (Image, Volume)):
        return -1
    return at + 1


def without(x: TensorType, at: int) -> TensorType | None:
    """A tensor without one of its axes, those left in their order; None where that is no kind."""
    sizes = [size for index, size in enumerate(shape(x)) if index != at]
    if isinstance(x, Volume) and at:
        return shaped(Image, sizes)
    if isinstance(x, Image) and at:
        return shaped(Sequence, sizes[::-1])
    if isinstance(x, Sequence):
        return shaped(Vector, sizes)
    return None


def shaped(kind: type[Vector | Sequence | Image | Volume], sizes: Iterable[int]) -> TensorType:
    """A tensor of a kind, from its sizes in PyTorch's order."""
    made: Callable[..., TensorType] = kind
    return made(*sizes)


def with_size(x: TensorType, at: int, size: int) -> TensorType:
    """A tensor with another size of one axis."""
    name = x._fields[at]
    return x._replace(**{name: size})  # type: ignore[arg-type]
