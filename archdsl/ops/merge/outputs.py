"""Several results."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Branches, Op, OpError, Spelling, Trait
from archdsl.ops.reads import Reads, each, nothing
from archdsl.types import Auxiliary, TensorType
from archdsl.types import Outputs as Several


@dataclass(frozen=True)
class Outputs(Op):
    """Several results as a tuple; of a model's, the first is the one its task is about. Where a
    body returns them, `return a, b` says the same, and `let (a, b) = …` takes them apart.

    Errors: outputs of outputs; a first result that is there in training only.
    """

    traits = frozenset({Trait.VIEW})
    takes_several = True
    branches = Branches(variadic=True, minimum=2, with_flow=False)
    example = "outputs(global_avg_pool -> linear(10), conv(8, 3))"

    def infer(self, *inputs: TensorType) -> TensorType:
        if any(isinstance(x, Several) for x in inputs):
            raise OpError(
                "outputs cannot hold further outputs",
                needed="one flat list of results",
                help="take those apart first: `let (a, b) = …`",
            )
        if isinstance(inputs[0], Auxiliary):
            raise OpError(
                "outputs begins with a result that is there in training only",
                code="E262",
                needed="a first result that is always there: the one that the task is about",
            )
        return Several(inputs) if len(inputs) > 1 else inputs[0]

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """Of the first result; the others are read apart."""
        first, *others = inputs
        return (each(first), *(nothing(x, source) for source, x in enumerate(others, 1)))

    def spelling(self, *inputs: TensorType) -> Spelling:
        parts = ", ".join(f"{{{index}}}" for index in range(len(inputs)))
        return Spelling(function=parts, precedence="loose")
