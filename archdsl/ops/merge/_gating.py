"""Factors of several shapes: a gate for each channel, or for each position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops.merge._alike import check_features, unequal
from archdsl.ops.reads import ALL, OWN, Axis, Reads, channel
from archdsl.types import (
    Image,
    Nodes,
    Sequence,
    TensorType,
    Vector,
    Volume,
    channels,
    resized,
    said,
    shape,
    with_channels,
)

if TYPE_CHECKING:
    from archdsl.ops.base import OpError

_AXES: dict[type, str] = {
    Image: "[..., None, None]",
    Volume: "[..., None, None, None]",
    Sequence: "[:, None]",
}


def stretched(word: str, inputs: tuple[TensorType, ...]) -> TensorType:
    """The shape that all inputs stretch to: sizes of 1 do, and a vector does over positions."""
    first = inputs[0]
    if all(x == first for x in inputs):
        check_features(word, inputs[:1])
        return first
    check_features(word, inputs)
    whole = next((x for x in inputs if not isinstance(x, Vector)), first)
    if any(not _is_like(x, whole) for x in inputs):
        raise _refused(word, inputs, whole)
    sizes = [_sizes(x, whole) for x in inputs]
    largest = tuple(map(max, *sizes))
    if any(n not in (1, most) for one in sizes for n, most in zip(one, largest, strict=True)):
        raise _refused(word, inputs, whole)
    return _of(whole, largest)


def indexed(x: TensorType, whole: TensorType) -> str:
    """The axes that a vector wants to meet a tensor: ``[..., None, None]``."""
    return _AXES[type(whole)] if isinstance(x, Vector) and type(whole) in _AXES else ""


def reads_stretched(x: TensorType, whole: TensorType, source: int = 0) -> Reads:
    """What a factor is read at: at its own place, along a size of 1 at the only one."""
    axes = (channel(whole),) if isinstance(x, Vector) else range(len(shape(whole)))
    sizes, meets = shape(x), shape(whole)
    kept = (sizes[at] == meets[to] for at, to in enumerate(axes))
    return Reads(
        tuple(Axis(to, OWN) if k else Axis(None, ALL) for to, k in zip(axes, kept, strict=True)),
        source,
    )


def _is_like(x: TensorType, whole: TensorType) -> bool:
    if isinstance(whole, Nodes):
        return isinstance(x, Nodes) and x._replace(features=whole.features) == whole
    return isinstance(x, (Vector, type(whole)))


def _sizes(x: TensorType, whole: TensorType) -> tuple[int, ...]:
    if not isinstance(x, Vector) or isinstance(whole, Vector):
        return shape(x)
    if isinstance(whole, Sequence):
        return (1, x.features)
    return (x.features, *(1 for _ in shape(whole)[1:]))


def _of(whole: TensorType, sizes: tuple[int, ...]) -> TensorType:
    if isinstance(whole, (Image, Volume)):
        return resized(whole, sizes[0], sizes[1:])
    if isinstance(whole, Sequence):
        return Sequence(sizes[0], sizes[1])
    return with_channels(whole, sizes[-1])


def _refused(word: str, inputs: tuple[TensorType, ...], whole: TensorType) -> OpError:
    misfit = unequal(word, inputs)
    misfit.needed = "one shape, or sizes of 1 where they differ"
    if not isinstance(whole, (Vector, Nodes)):
        misfit.needed += f", or a vector of {channels(whole)} as a gate of {said(whole)}"
    return misfit
