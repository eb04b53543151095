"""The product of branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Branches, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.merge._gating import indexed, reads_stretched, stretched
from archdsl.types import TensorType, numel

if TYPE_CHECKING:
    from archdsl.ops.reads import Reads


@dataclass(frozen=True)
class Mul(Op):
    """The product of what its branches give: a · b · …, of one shape, or a gate of fewer numbers
    that is stretched: a C vector or C×1×1 over all positions, 1×H×W over all channels (Hu et al.
    2017, squeeze and excitation). PyTorch: the operator *.

    Errors: branches that do not stretch to one shape.
    """

    traits = frozenset({Trait.MERGE, Trait.GATED, Trait.ELEMENTWISE})
    branches = Branches(variadic=True, minimum=2, with_flow=False)
    example = "mul(identity, global_avg_pool -> linear(3) -> sigmoid)"
    synonyms = Synonyms(torch=("multiply",), keras=("Multiply",), others=("times", "prod"))

    def infer(self, *inputs: TensorType) -> TensorType:
        return stretched("mul", inputs)

    def saves(self, *inputs: TensorType) -> Saves:
        """All factors, and the products on the way; nothing of a product of one."""
        if len(inputs) == 1:
            return Saves()
        partial = (stretched("mul", inputs[:count]) for count in range(2, len(inputs)))
        return Saves(tuple(range(len(inputs))), per_sample=4 * sum(map(numel, partial)))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        out = self.infer(*inputs)
        return tuple(reads_stretched(x, out, source) for source, x in enumerate(inputs))

    def spelling(self, *inputs: TensorType) -> Spelling:
        out = self.infer(*inputs)
        factors = [f"{{{index}}}{indexed(x, out)}" for index, x in enumerate(inputs)]
        return Spelling(function=" * ".join(factors), precedence="product")
