"""Residual streams that branches with a norm of their own are added to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.flat import INPUT, is_input
from archdsl.ops.base import Trait
from archdsl.rules.facts_paths import skips

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.rules.facts_paths import Skip

BOUNDS = {Trait.NORM, Trait.SATURATING}
_NONE = (0, INPUT)


class Unnormed(NamedTuple):
    """A ``head`` that reads the sum of so many pre-norm ``branches`` as it is; ``last`` is where
    the last of them is added, and ``norm`` that branch's."""

    head: Step
    branches: int
    last: int
    norm: Step


def unnormed_head(case: Case) -> Unnormed | None:
    """The first layer behind the last pre-norm branch that reads its sum without a norm."""
    branches = {skip.merge.place: norm for skip, norm in pre_norm(case)}
    if not branches:
        return None
    sums = dict.fromkeys(
        case.inputs, _NONE
    )  # for each op, how many branches it is the bare sum of, and the last
    for step in case.steps:
        bounded = BOUNDS & step.node.op.traits or Trait.WEIGHTED in step.node.op.traits
        read = max(sums[source] for source in step.inputs)
        most, last = _NONE if bounded else read
        sums[step.place] = (most + 1, step.place) if step.place in branches else (most, last)
    for step in case.steps[max(branches) + 1 :]:
        most, last = max(sums[source] for source in step.inputs)
        if most and Trait.WEIGHTED in step.node.op.traits:
            return Unnormed(step, most, last, branches[last])
    return None


def pre_norm(case: Case) -> list[tuple[Skip, Step]]:
    """The skips whose body begins with a norm, with that norm; not those that a factor scales."""
    found = []
    for skip in case.fact(skips):
        norm = _begins_with(skip, case)
        scaled = not is_input(skip.body) and Trait.SCALING in case.steps[skip.body].node.op.traits
        if norm is not None and not scaled:
            found.append((skip, norm))
    return found


def _begins_with(skip: Skip, case: Case) -> Step | None:
    """The norm that alone reads the stream besides the sum."""
    between = [
        case.steps[place]
        for place in case.fact(readers)[skip.fork]
        if place <= skip.body and place != skip.path
    ]
    normed = all(Trait.NORM in step.node.op.traits for step in between)
    return between[0] if between and normed else None


def readers(case: Case) -> dict[int, list[int]]:
    """The places that read each op's result, or the input."""
    places = (*case.inputs, *(step.place for step in case.steps))
    found: dict[int, list[int]] = {place: [] for place in places}
    for step in case.steps:
        for source in dict.fromkeys(step.inputs):
            found[source].append(step.place)
    return found
