"""Where one position of a sequence is read for all, and what that position knows."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.graph.flat import INPUT, is_input
from archdsl.ops.base import Trait
from archdsl.ops.reads import Reads, Taken
from archdsl.rules.facts_demand import demands
from archdsl.rules.facts_paths import spine
from archdsl.rules.facts_reads import sizes_of
from archdsl.rules.facts_structure import mixing

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.rules.facts_demand import Demand, Demands

MANY = 4  # ends that are looked at


class End(NamedTuple):
    """An op on every path that takes one end of several positions, the ``first`` or the last.

    ``mixers`` are the layers before it through which positions read others, in order. ``alone``
    is the op of whose positions, before some of these, it reads one or none, where of those that
    all began from it reads no more. ``has_token``: a learned position was put in front; ``joined``:
    positions of several results were put in a row.
    """

    step: Step
    first: bool
    mixers: list[Step]
    alone: Step | None
    has_token: bool
    joined: bool


def ends(case: Case) -> list[End]:
    """The ends that every path to the answer passes."""
    taking = [step for step in case.fact(spine) if _position(step) is not None]
    return [_told(case, step) for step in taking[:MANY]]


def _position(step: Step) -> int | None:
    """The place of the one position that an op takes, if that is at an end."""
    taken, one = step.node.inputs[0], step.node.reads()[0]
    if not isinstance(taken, types.Sequence) or not isinstance(one, Reads) or taken.length == 1:
        return None
    axis = one.axes[0]
    single = axis.to is None or sizes_of(step.node.out)[axis.to] == 1
    if not single or not isinstance(axis.along, Taken):
        return None
    return axis.along.start if axis.along.start in (0, taken.length - 1) else None


def _told(case: Case, step: Step) -> End:
    asked = demands(case, (step.place,))
    known: list[Demand | None] = [] if asked is None else asked.of_steps
    before, way = _before(case, step), case.fact(spine)
    mixers = [other for other in case.fact(mixing) if other.place in before]
    ahead = [one for one in reversed(way) if one.place < step.place]
    stack = list(takewhile(_has_positions, ahead))
    begun = stack[-1] if stack and len(stack) < len(ahead) else None
    knows_none = asked is not None and all(map(_one_at_most, _at_the_start(case, begun, asked)))
    found = [one for one in stack if knows_none and _one_at_most(known[one.place])]
    aside = [one for one in found if one.place < max((m.place for m in mixers), default=INPUT)]
    traits = [case.flat.steps[place].node.op.traits for place in before]
    return End(
        step,
        _position(step) == 0,
        mixers,
        aside[-1] if aside else None,
        any(Trait.PREPENDS in one for one in traits),
        any(_joins_positions(case.flat.steps[place]) for place in before),
    )


def _at_the_start(case: Case, begun: Step | None, asked: Demands) -> list[Demand | None]:
    """What is read of the positions that all others are made of: those of an op, else of the
    inputs."""
    if begun:
        return [asked.of_steps[begun.place]]
    rows = [place for place, taken in case.inputs.items() if isinstance(taken, types.Sequence)]
    return [asked.of_inputs[place] for place in rows]


def _before(case: Case, step: Step) -> set[int]:
    """The places of all ops that lead to one."""
    found, waiting = set[int](), list(step.inputs)
    while waiting:
        place = waiting.pop()
        if not is_input(place) and place not in found:
            found.add(place)
            waiting.extend(case.flat.steps[place].inputs)
    return found


def _has_positions(step: Step) -> bool:
    out = step.node.out
    return isinstance(out, types.Sequence) and out.length != 1


def _one_at_most(asked: Demand | None) -> bool:
    """Whether of a sequence one position or none is read."""
    return asked is None or (asked[0] is not None and len(asked[0]) == 1)


def _joins_positions(step: Step) -> bool:
    out = step.node.out
    joins = Trait.CONCATENATIVE in step.node.op.traits and isinstance(out, types.Sequence)
    return joins and types.spatial(out) != types.spatial(step.node.inputs[0])
