"""Whether the positions of a result differ, and whether what it tells of the input was pooled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.flat import INPUT
from archdsl.ops.base import Trait
from archdsl.ops.reads import (
    After,
    All,
    Before,
    Between,
    Laid,
    Nearby,
    OwnOrBatch,
    Repeated,
    Taken,
    Together,
    Windows,
)
from archdsl.rules.facts_reads import (
    along_positions,
    channel_axis,
    makes_a_difference,
    positions,
    sizes_of,
)

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.ops.reads import Along, Reads
    from archdsl.rules.case import Case

# Of what is the same at every position these make what is, the border of windows left out.
_KEEPING = (After, All, Before, Between, Nearby, OwnOrBatch, Repeated, Taken, Together, Windows)


class Positions(NamedTuple):
    """``uniform``: the same at every position, or there is one. ``pooled``: all that it tells of
    the input went through pooling over all positions."""

    uniform: bool
    pooled: bool


def spread(case: Case) -> list[Positions]:
    """What holds of the result of each op of ``case.flat.steps``."""
    start = Positions(positions(case.takes) == 1, pooled=False)
    found: list[Positions] = []
    for step in case.flat.steps:
        read = [one for one in step.node.reads() if makes_a_difference(one)]
        before = [step.inputs[one.source] for one in read]
        states = [start if source == INPUT else found[source] for source in before]
        same = all(state.uniform for state in states) and all(_keeps(step, one) for one in read)
        pools = all(state.pooled for state in states) or collapses(step)
        found.append(Positions(same or positions(step.node.out) == 1, pools))
    return found


def collapses(step: Step) -> bool:
    """Whether it pools all positions into one."""
    taken = step.node.inputs[0]
    single = positions(step.node.out) == 1 and positions(taken) > 1
    return single and Trait.POOLING in step.node.op.traits


def _keeps(step: Step, one: Reads | Laid) -> bool:
    """Whether of what is the same at every position it makes what is."""
    x = step.node.inputs[one.source]
    if isinstance(one, Laid):
        return positions(x) == positions(step.node.out) and _width(step.node.out) == _width(x)
    told = along_positions(one, x)
    return Trait.RECURRENT not in step.node.op.traits and all(map(_keeps_along, told))


def _width(x: object) -> int:
    at = channel_axis(x)  # type: ignore[arg-type]
    return 1 if at is None else sizes_of(x)[at]  # type: ignore[arg-type]


def _keeps_along(along: Along) -> bool:
    return isinstance(along, _KEEPING) or (along.extent(1) is None and along.alike)
