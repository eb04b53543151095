"""The largest over positions."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.plumbing._padding import filled, kept_of_largest
from archdsl.ops.reads import Reads, pooled
from archdsl.types import Sequence, TensorType, Vector, padding


@dataclass(frozen=True)
class MaxOver(Op):
    """L×C → C: the largest over the positions of a sequence. PyTorch: x.amax(dim=1)."""

    traits = frozenset({Trait.POOLING, Trait.MIXES_POSITIONS})
    example = "to_sequence -> max_over"
    synonyms = Synonyms(torch=("amax",))
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            raise wrong_kind("max_over", x, (Sequence,))
        return Vector(x.features)

    def saves(self, *inputs: TensorType) -> Saves:
        if padding(inputs[0]) is not None:
            return kept_of_largest(inputs[0])
        return Saves(inputs=(0,), output=True)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (pooled(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return filled(Spelling(function="{x}.amax(dim=1)"), inputs[0], least=True)
