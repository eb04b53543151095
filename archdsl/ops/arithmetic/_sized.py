"""Tensors whose sizes are written out, one for every sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops.base import OpError
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.plumbing._named import shaped
from archdsl.types import Image, Nodes, Outputs, Sequence, TensorType, Vector, with_channels

if TYPE_CHECKING:
    from archdsl.ops.plumbing._axes import Extent


def sized(word: str, size: Extent, x: TensorType) -> TensorType:
    """The type of so many sizes, for each sample of ``x``: a vector, a sequence L×C or an image
    C×H×W; one for each of a graph's nodes."""
    sizes = (size,) if isinstance(size, int) else size
    if isinstance(x, Outputs):
        raise wrong_kind(word, x)
    if isinstance(x, Nodes):
        if len(sizes) > 1:
            raise OpError(
                f"{word} of a graph gives its nodes features, and {len(sizes)} sizes are given",
                needed="one size",
                argument="size",
            )
        return with_channels(x, sizes[0])
    kinds: dict[int, type[Vector | Sequence | Image]] = {1: Vector, 2: Sequence, 3: Image}
    return shaped(kinds[len(sizes)], sizes)
