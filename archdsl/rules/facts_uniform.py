"""Whether the positions of a result differ, and whether what it tells of the input was pooled."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.flat import is_input
from archdsl.ops.attending import Band, Compared, Comparing
from archdsl.ops.base import Trait
from archdsl.ops.reads import (
    PLACED,
    After,
    All,
    Before,
    Between,
    Laid,
    Nearby,
    OwnOrBatch,
    Reads,
    Repeated,
    Taken,
    Together,
    Windows,
    channel,
)
from archdsl.ops.resampling import Resampled
from archdsl.rules.facts_reads import (
    along_positions,
    positions,
    sizes_of,
)

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.ops.reads import Along
    from archdsl.rules.case import Case
    from archdsl.types import TensorType

# Of what is the same at every position these make what is, the border of windows left out.
_KEEPING = (
    *(After, All, Band, Before, Between, Compared, Comparing, Nearby, OwnOrBatch, Repeated),
    *(Resampled, Taken, Together, Windows),
)


class Positions(NamedTuple):
    """``uniform``: the same at every position, or there is one. ``pooled``: all that it tells of
    the input went through pooling over all positions."""

    uniform: bool
    pooled: bool


def spread(case: Case) -> list[Positions]:
    """What holds of the result of each op of ``case.flat.steps``."""
    start = Positions(uniform=False, pooled=False)
    found: list[Positions] = []
    for step in case.flat.steps:
        read = [one for one in step.node.reads() if one.makes_a_difference]
        before = [step.inputs[one.source] for one in read]
        states = [start if is_input(source) else found[source] for source in before]
        same = all(state.uniform for state in states) and all(_keeps(step, one) for one in read)
        same = same and Trait.STORED not in step.node.op.traits and not _differs(step)
        pools = all(state.pooled for state in states) or collapses(step)
        found.append(Positions(same or positions(step.node.out) == 1, pools))
    return found


def _differs(step: Step) -> bool:
    """Whether its places differ, whatever flows in."""
    told = (one for one in step.node.reads() if isinstance(one, Reads))
    return any(axis.along == PLACED for one in told for axis in one.axes)


def collapses(step: Step) -> bool:
    """Whether it pools all positions into one."""
    taken = step.node.inputs[0]
    single = positions(step.node.out) == 1 and positions(taken) > 1
    return single and Trait.POOLING in step.node.op.traits


def _keeps(step: Step, one: Reads | Laid) -> bool:
    """Whether of what is the same at every position it makes what is."""
    x = step.node.inputs[one.source]
    if isinstance(one, Laid):
        return _keeps_channels(one, x, step.node.out)
    told = along_positions(one, x)
    return Trait.RECURRENT not in step.node.op.traits and all(map(_keeps_along, told))


def _keeps_channels(laid: Laid, x: TensorType, out: TensorType) -> bool:
    """Whether channels are channels yet: of their size, behind as many places as before."""
    if laid.sizes != sizes_of(x):
        return False
    at, to = channel(x), channel(out)
    turned = laid.order.index(at)
    ahead = prod(laid.sizes[axis] for axis in laid.order[:turned])
    given = sizes_of(out)
    return (ahead, laid.sizes[at]) == (prod(given[:to]), given[to])


def _keeps_along(along: Along) -> bool:
    return isinstance(along, _KEEPING) or (along.extent(1) is None and along.alike)
