"""Zeros."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Op, Spelling, Synonyms, Trait
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.reads import Reads, nothing

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Zero(Op):
    """Zeros of the shape of what flows in: in a choice, the edge that is left out.

    PyTorch: torch.zeros_like.
    """

    traits = frozenset({Trait.CONSTANT, Trait.AFFINE})
    gives = (0, 0)
    example = "add(identity, zero)"
    synonyms = Synonyms(torch=("zeros", "zeros_like"))

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("zero", x)
        return x

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (nothing(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function="torch.zeros_like({x})")
