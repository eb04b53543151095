"""Where norms find the channels of a tensor."""

from __future__ import annotations

from archdsl.types import Image, Sequence, TensorType, Volume


def over_last(x: TensorType) -> str:
    """How a module that works on the last axis is applied to the channels of a tensor."""
    if isinstance(x, Image):
        return "{m}({x}.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)"
    if isinstance(x, Volume):
        return "{m}({x}.permute(0, 2, 3, 4, 1)).permute(0, 4, 1, 2, 3)"
    return "{m}({x})"


def copied(x: TensorType) -> bool:
    """Whether a module that wants its input in one piece copies a sequence with swapped axes."""
    return isinstance(x, Sequence) and x.length > 1 and x.features > 1
