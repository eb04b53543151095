"""What all biases by position have in common: a number for each head, query and key, the same for
all samples."""

from __future__ import annotations

from typing import ClassVar

from archdsl.ops.base import Op, Trait
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import PLACED, Reads, nothing
from archdsl.types import Image, Sequence, TensorType


class PositionBias(Op):
    """L×C → heads×L×L: from what flows in only the positions are taken."""

    traits = frozenset({Trait.EMBEDDING, Trait.CONSTANT, Trait.AFFINE})
    example_data: ClassVar[str] = "series(100, 64)"
    attribute = "position_bias"

    heads: int

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            help = "to_sequence makes an image a sequence of its positions"
            raise wrong_kind(self.word(), x, (Sequence,), help=help)
        return Image(self.heads, x.length, x.length)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (nothing(inputs[0], along=PLACED),)


def length_of(x: TensorType) -> int:
    """The positions of a sequence."""
    assert isinstance(x, Sequence)
    return x.length
