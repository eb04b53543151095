"""What functions of single numbers share that are no activations: the shape is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Op, Saves, Spelling, Trait
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.reads import Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType

KEEPS_INPUT = Saves(inputs=(0,))
KEEPS_OUTPUT = Saves(output=True)


@dataclass(frozen=True)
class Elementwise(Op):
    """A function of each number. ``written`` is its text in PyTorch."""

    traits = frozenset({Trait.ELEMENTWISE})
    written: ClassVar[str] = ""
    keeps: ClassVar[Saves] = KEEPS_INPUT

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind(self.word(), x)
        return x

    def saves(self, *inputs: TensorType) -> Saves:
        return self.keeps

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function=self.written)

    def channels_last(self, x: TensorType) -> Spelling | None:
        return self.spelling(x)
