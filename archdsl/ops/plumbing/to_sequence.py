"""The positions of an image as a sequence."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from archdsl.ops.base import Op, Spelling, Synonyms, Trait
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import Laid, Reads, laid
from archdsl.types import Image, Sequence, TensorType, Volume, shape, spatial


@dataclass(frozen=True)
class ToSequence(Op):
    """C×H×W → H·W×C: the positions of an image or a volume as a sequence, row by row.

    PyTorch: x.flatten(2).transpose(1, 2).
    """

    traits = frozenset({Trait.VIEW, Trait.AFFINE})
    example = "to_sequence"
    synonyms = Synonyms(others=("tokens_of",))

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, (Image, Volume)):
            raise wrong_kind("to_sequence", x, (Image, Volume))
        return Sequence(prod(spatial(x)), x.channels)

    def reads(self, *inputs: TensorType) -> tuple[Reads | Laid, ...]:
        (x,) = inputs
        return (laid(x, order=(*range(1, len(shape(x))), 0)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function="{x}.flatten(2).transpose(1, 2)")
