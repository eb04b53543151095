"""What stands between the last layer of a model and its result."""

from __future__ import annotations

from itertools import islice
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.ops.base import Trait
from archdsl.rules.facts_paths import back, results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.spec.task import Task

HANDS_ON = {Trait.ACTIVATION, Trait.NORM, Trait.REGULARIZER, Trait.VIEW, Trait.POOLING}


class AtTheEnd(NamedTuple):
    """An op whose numbers are those of the result, or ``averaged`` over positions."""

    step: Step
    averaged: bool

    @property
    def bounded(self) -> bool:
        """Whether all numbers of the result lie between two bounds, whatever flows in."""
        return all(map(isfinite, self.step.node.bounds()))

    @property
    def rectified(self) -> bool:
        """Whether what is negative became 0, number by number, in the result itself."""
        op = self.step.node.op
        inside = getattr(op, "act", "identity") != "identity"
        return not self.averaged and (inside or Trait.RECTIFYING in op.traits)

    def has(self, trait: Trait) -> bool:
        """Whether it is of a kind, and acts on the very numbers of the result."""
        return not self.averaged and trait in self.step.node.op.traits


class Ending(NamedTuple):
    """How the result for one task comes about: ``steps`` from it back to the layer that makes its
    numbers, this one too."""

    task: Task
    steps: tuple[AtTheEnd, ...]


def endings(case: Case) -> tuple[Ending, ...]:
    """The end of each result that a task is about."""
    heads = case.task.heads if case.task is not None else ()
    places = iter(case.fact(results))
    return tuple(
        Ending(task, tuple(_back(case, place)))
        for _, task in heads
        for place in islice(places, task.vectors)
    )


def at_the_end(case: Case) -> tuple[AtTheEnd, ...]:
    """The ops from each result that a task is about, or the first, back to the layer that makes its
    numbers."""
    if case.task is None:
        return tuple(_back(case, case.fact(results)[0]))
    return tuple(one for ending in case.fact(endings) for one in ending.steps)


def _back(case: Case, result: int) -> Iterator[AtTheEnd]:
    averaged = False
    for step in back(case, result):
        yield AtTheEnd(step, averaged)
        if not _hands_on(step):
            return
        averaged = averaged or Trait.POOLING in step.node.op.traits


def _hands_on(step: Step) -> bool:
    """Whether what it gives lies where what flows in does: a sum over the nodes of a graph may
    not, and a gate brings a factor of its own."""
    traits = step.node.op.traits
    if Trait.POOLING in traits and isinstance(step.node.inputs[0], types.Nodes):
        return False
    return bool(traits & HANDS_ON) and Trait.GATED not in traits
