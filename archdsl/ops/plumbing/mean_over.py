"""The mean over positions."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.plumbing._padding import kept, mean
from archdsl.ops.reads import Reads, pooled
from archdsl.types import Sequence, TensorType, Vector, padding


@dataclass(frozen=True)
class MeanOver(Op):
    """L×C → C: the mean over the positions of a sequence. PyTorch: x.mean(dim=1)."""

    traits = frozenset({Trait.POOLING, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "to_sequence -> mean_over"
    synonyms = Synonyms(torch=("mean",))
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            raise wrong_kind("mean_over", x, (Sequence,))
        return Vector(x.features)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (pooled(inputs[0]),)

    def saves(self, *inputs: TensorType) -> Saves:
        """Of padded rows which positions are within, and how many they are."""
        (x,) = inputs
        return kept(x)

    def spelling(self, *inputs: TensorType) -> Spelling:
        rows = padding(inputs[0])
        if rows is not None:
            return mean(rows)
        return Spelling(function="{x}.mean(dim=1)")
