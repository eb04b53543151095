"""The gated mean of two branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Branches, Op, Saves, Spelling, Trait
from archdsl.ops.merge._alike import unequal
from archdsl.ops.merge._gating import indexed, reads_stretched, stretched
from archdsl.ops.reads import Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Mix(Op):
    """gate·a + (1 - gate)·b, the highway (Srivastava et al. 2015). a and b have one shape; the gate
    too, or it stretches to it as in mul. PyTorch: torch.lerp(b, a, gate).

    Errors: a and b of unequal shapes; a gate that does not stretch to theirs.
    """

    traits = frozenset({Trait.MERGE, Trait.GATED, Trait.INTERPOLATING, Trait.ELEMENTWISE})
    branches = Branches(names=("gate", "a", "b"), with_flow=False)
    example = "mix(conv(3, 3) -> sigmoid, conv(3, 3) -> relu, identity)"

    def infer(self, *inputs: TensorType) -> TensorType:
        gate, a, b = inputs
        if a != b:
            raise unequal("mix", (a, b))
        if stretched("mix", (a, gate)) != a:
            raise unequal("mix", (a, gate))
        return a

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves(inputs=(0, 1, 2))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        gate, a, b = inputs
        return (reads_stretched(gate, a), each(a, source=1), each(b, source=2))

    def spelling(self, *inputs: TensorType) -> Spelling:
        gate = indexed(inputs[0], inputs[1])
        return Spelling(function=f"torch.lerp({{2}}, {{1}}, {{0}}{gate})")
