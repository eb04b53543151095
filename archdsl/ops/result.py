"""One result of what gives several, as `let (a, b) = …` takes it."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, Spelling, Trait
from archdsl.types import Outputs, TensorType


@dataclass(frozen=True)
class Result(Op):
    """The result at a ``place``, of several that flow in. No word of the language: a `let` with
    several names holds one for each."""

    place: int

    traits = frozenset({Trait.VIEW, Trait.AFFINE})

    def infer(self, *inputs: TensorType) -> TensorType:
        (several,) = inputs
        assert isinstance(several, Outputs)
        return several.parts[self.place]

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function=f"{{x}}[{self.place}]")
