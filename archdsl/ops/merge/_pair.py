"""What merges of two branches share: one shape, or the one stretched to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Branches, Op, Saves, Spelling, Trait
from archdsl.ops.merge._gating import indexed, reads_stretched, stretched

if TYPE_CHECKING:
    from archdsl.ops.reads import Reads
    from archdsl.types import TensorType

BOTH = Saves(inputs=(0, 1))


@dataclass(frozen=True)
class Pair(Op):
    """A function of two numbers at each place. ``written`` is its text in PyTorch."""

    traits = frozenset({Trait.MERGE, Trait.ELEMENTWISE})
    branches = Branches(names=("a", "b"), with_flow=False)
    written: ClassVar[str]
    precedence: ClassVar[str] = "atom"
    keeps: ClassVar[Saves] = BOTH

    def infer(self, *inputs: TensorType) -> TensorType:
        return stretched(self.word(), inputs)

    def saves(self, *inputs: TensorType) -> Saves:
        return self.keeps

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        out = self.infer(*inputs)
        return tuple(reads_stretched(x, out, source) for source, x in enumerate(inputs))

    def spelling(self, *inputs: TensorType) -> Spelling:
        out = self.infer(*inputs)
        a, b = (f"{{{index}}}{indexed(x, out)}" for index, x in enumerate(inputs))
        text = self.written.format(a=a, b=b)
        return Spelling(function=text, precedence=self.precedence)
