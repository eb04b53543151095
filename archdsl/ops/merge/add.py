"""The sum of branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Branches, Op, Spelling, Synonyms, Trait
from archdsl.ops.merge._alike import check_features, unequal
from archdsl.ops.reads import Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Add(Op):
    """The sum of what its branches give, all of one shape: a + b + … (the skip connection of He et
    al. 2015). PyTorch: the operator +.

    Errors: branches of unequal shapes; the help names a layer that would bring them together.
    """

    traits = frozenset({Trait.MERGE, Trait.ADDITIVE, Trait.ELEMENTWISE, Trait.AFFINE})
    branches = Branches(variadic=True, minimum=2, with_flow=False)
    example = "add(identity, conv(3, 3))"
    synonyms = Synonyms(torch=("sum",), keras=("Add",), others=("plus",))

    def infer(self, *inputs: TensorType) -> TensorType:
        first = inputs[0]
        if any(x != first for x in inputs):
            raise unequal("add", inputs)
        check_features("add", inputs[:1])
        return first

    def agreement(self, tensor: TensorType) -> TensorType:
        return tensor

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return tuple(each(x, source=k) for k, x in enumerate(inputs))

    def spelling(self, *inputs: TensorType) -> Spelling:
        terms = " + ".join(f"{{{index}}}" for index in range(len(inputs)))
        return Spelling(function=terms, precedence="sum")
