"""Several results."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Branches, Op, OpError, Spelling
from archdsl.ops.reads import Reads, each, nothing
from archdsl.types import Outputs as Several
from archdsl.types import TensorType


@dataclass(frozen=True)
class Outputs(Op):
    """Several results of a model as a tuple, the first of them the one its task is about.

    Errors: outputs of outputs.
    """

    branches = Branches(variadic=True, minimum=2, with_flow=False)
    example = "outputs(global_avg_pool -> linear(10), conv(8, 3))"

    def infer(self, *inputs: TensorType) -> TensorType:
        if any(isinstance(x, Several) for x in inputs):
            raise OpError("outputs cannot hold further outputs", needed="one flat list of results")
        return Several(inputs) if len(inputs) > 1 else inputs[0]

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """Of the first result; the others are read apart."""
        first, *others = inputs
        return (each(first), *(nothing(x, source) for source, x in enumerate(others, 1)))

    def spelling(self, *inputs: TensorType) -> Spelling:
        parts = ", ".join(f"{{{index}}}" for index in range(len(inputs)))
        return Spelling(function=parts, precedence="loose")
