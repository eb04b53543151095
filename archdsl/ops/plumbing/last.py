"""The last position."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, Spelling, Trait
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import Reads, Taken, pooled
from archdsl.types import Sequence, TensorType, Vector, spatial


@dataclass(frozen=True)
class Last(Op):
    """L×C → C: the last position of a sequence. PyTorch: x[:, -1]."""

    traits = frozenset({Trait.VIEW, Trait.TAKES_LAST, Trait.AFFINE})
    example = "to_sequence -> last"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            raise wrong_kind("last", x, (Sequence,))
        return Vector(x.features)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        return (pooled(x, Taken(spatial(x)[0] - 1)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function="{x}[:, -1]")
