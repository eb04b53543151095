"""The last position."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Saves, Spelling, Trait
from archdsl.ops.plumbing._end import End
from archdsl.ops.plumbing._padding import LAST_POSITION
from archdsl.ops.reads import Reads, pooled
from archdsl.types import TensorType, padding


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
    heeds_padding = True

    def spelling(self, *inputs: TensorType) -> Spelling:
        rows = padding(inputs[0])
        if rows is None or self.axis != "length":
            return super().spelling(*inputs)
        return Spelling(
            function=f"last_position({{x}}, {rows.text})",
            context=(rows.lengths,),
            definitions=(LAST_POSITION,),
        )

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """Of padded rows any position may be the last."""
        if padding(inputs[0]) is not None and self.axis == "length":
            return (pooled(inputs[0]),)
        return super().reads(*inputs)

    def saves(self, *inputs: TensorType) -> Saves:
        """Of padded rows their numbers and ends."""
        return Saves(per_sample=16 if padding(inputs[0]) is not None else 0)
