"""A result that is there in training only."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Branches, Op, OpError, Spelling, Trait
from archdsl.ops.parameters import real
from archdsl.ops.reads import Reads, each
from archdsl.types import Auxiliary, Outputs, TensorType


@dataclass(frozen=True)
class TrainOnly(Op):
    """A result beside the first that is computed in training only: the head of an auxiliary
    classifier (Szegedy et al. 2015). Its loss is added to that of the first result, times `weight`.

    It stands in outputs, or behind `return` after a first result. What only it reads is not run in
    use, and counts for nothing there: not in macs, latency, depth or memory(inference).

    Errors: what gives several results.
    """

    weight: float = real(1.0, minimum=0)

    traits = frozenset({Trait.VIEW, Trait.AFFINE})
    takes_several = True
    auxiliary = True
    branches = Branches(names=("result",), with_flow=False)
    example = "outputs(global_avg_pool -> linear(10), train_only(flatten -> linear(10)))"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if isinstance(x, (Outputs, Auxiliary)):
            raise OpError("train_only holds one result", needed="a `train_only` for each result")
        return Auxiliary(x, self.weight)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function="{0}")
