"""Whether what an op gives becomes a factor of something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

STOPS = {Trait.WEIGHTED, Trait.ACTIVATION, Trait.NORM}


def weighs(step: Step, case: Case) -> bool:
    """Whether a product reads it: it weighs another branch, as gates and attention do."""
    return any(
        traits.issuperset({Trait.MERGE, Trait.GATED})
        for traits in map(_traits, readers(step, case))
    )


def readers(step: Step, case: Case) -> Iterator[Step]:
    """The layers, activations, norms and products that read an op, through whatever else."""
    left, met = [step.place], set[int]()
    while left:
        for place in case.flat.readers[left.pop()]:
            if place in met:
                continue
            met.add(place)
            reader = case.steps[place]
            if _traits(reader) & STOPS or Trait.GATED in _traits(reader):
                yield reader
            else:
                left.append(place)


def _traits(step: Step) -> frozenset[Trait]:
    return step.node.op.traits
