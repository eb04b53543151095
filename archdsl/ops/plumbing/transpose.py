"""The axes of a sequence swapped."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, Spelling, Synonyms, Trait
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import Laid, Reads, laid
from archdsl.types import Sequence, TensorType, spatial


@dataclass(frozen=True)
class Transpose(Op):
    """L×C → C×L: positions become features, so that a linear mixes positions (Tolstikhin et al.
    2021, the MLP-Mixer). PyTorch: x.transpose(1, 2).
    """

    traits = frozenset({Trait.VIEW, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "to_sequence -> transpose"
    synonyms = Synonyms(torch=("swapaxes", "t"), keras=("Permute",))

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            raise wrong_kind("transpose", x, (Sequence,))
        return Sequence(x.features, x.length)

    def reads(self, *inputs: TensorType) -> tuple[Reads | Laid, ...]:
        return (laid(inputs[0], order=(1, 0)),)

    def window(self, *inputs: TensorType) -> tuple[int, int]:
        """A position of the result holds a feature of all positions."""
        return (spatial(inputs[0])[0], 1)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function="{x}.transpose(1, 2)")
