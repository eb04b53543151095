"""The last position."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Trait
from archdsl.ops.plumbing._end import End


@dataclass(frozen=True)
class Last(End):
    """L×C → C: the last position of a sequence. Of another axis with axis=: of an image C×H×W,
    last(axis=height) is its last row, W×C, last(axis=width) its last column; of a volume,
    last(axis=depth) is an image. PyTorch: x[:, -1].

    Errors: an image or a volume without an axis; one that the input lacks; the channels of an
    image or a volume.
    """

    traits = End.traits | {Trait.TAKES_LAST}
    example = "to_sequence -> last"
    end = -1
