"""Positions become features."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, Spelling, Synonyms, Trait
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.reads import Laid, Reads, laid
from archdsl.types import TensorType, Vector, numel


@dataclass(frozen=True)
class Flatten(Op):
    """C×H×W → C·H·W: all numbers of a sample as one vector, channels outermost for an image,
    positions outermost for a sequence. PyTorch: nn.Flatten.
    """

    traits = frozenset({Trait.VIEW, Trait.FLATTENS, Trait.AFFINE})
    example = "flatten"
    synonyms = Synonyms(
        torch=("Flatten",),
        keras=("Flatten",),
        arguments={"start_dim": "", "end_dim": ""},
        takes=("", ""),
    )
    attribute = "flatten"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, (*GRIDS, Vector)):
            raise wrong_kind("flatten", x, (*GRIDS, Vector))
        return Vector(numel(x))

    def reads(self, *inputs: TensorType) -> tuple[Reads | Laid, ...]:
        return (laid(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(module=Construct("nn.Flatten"), function="torch.flatten({x}, 1)")
