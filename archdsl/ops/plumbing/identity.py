"""Nothing at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Construct, Op, Spelling, Synonyms, Trait
from archdsl.ops.reads import Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Identity(Op):
    """Gives what flows in, whatever it is. It disappears from chains. PyTorch: nn.Identity."""

    traits = frozenset({Trait.VIEW, Trait.ELEMENTWISE, Trait.AFFINE})
    example = "identity"
    synonyms = Synonyms(torch=("Identity",))
    attribute = "identity"

    def infer(self, *inputs: TensorType) -> TensorType:
        return inputs[0]

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(module=Construct("nn.Identity"), function="{x}")
