"""The first position."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Trait
from archdsl.ops.plumbing._end import End


@dataclass(frozen=True)
class First(End):
    """L×C → C: the first position of a sequence. Of another axis with axis=: of an image C×H×W,
    first(axis=height) is its first row, W×C, first(axis=width) its first column; of a volume,
    first(axis=depth) is an image. PyTorch: x[:, 0].

    Errors: an image or a volume without an axis; one that the input lacks; the channels of an
    image or a volume.
    """

    traits = End.traits | {Trait.TAKES_FIRST}
    example = "to_sequence -> first"
    end = 0
