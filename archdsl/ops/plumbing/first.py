"""The first position."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, Spelling, Trait
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import Reads, Taken, pooled
from archdsl.types import Sequence, TensorType, Vector


@dataclass(frozen=True)
class First(Op):
    """L×C → C: the first position of a sequence. PyTorch: x[:, 0]."""

    traits = frozenset({Trait.VIEW, Trait.TAKES_FIRST, Trait.AFFINE})
    example = "to_sequence -> first"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            raise wrong_kind("first", x, (Sequence,))
        return Vector(x.features)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (pooled(inputs[0], Taken(0)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function="{x}[:, 0]")
