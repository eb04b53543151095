"""Which places of the input, and of each result, are read on the way to an answer.

An abstract interpretation backwards: of what is asked for, each op asks what it reads
(:mod:`archdsl.ops.reads`), axis by axis; what several ops ask of one result adds up. It may be more
than is truly read, never less. What a window leaves over at the end counts as read: sizes that
strides do not divide are no fault.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.flat import INPUT, is_input
from archdsl.ops.reads import Laid, Nearby
from archdsl.rules.facts_paths import results
from archdsl.rules.facts_reads import can_be_followed, sizes_of

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode
    from archdsl.ops.reads import Along, Reads
    from archdsl.rules.case import Case

Asked = frozenset[int] | None  # places along one axis; None stands for all
Demand = tuple[Asked, ...]  # of each axis


class Demands(NamedTuple):
    """What is asked of each input, by its place, and of each op of ``case.flat.steps``; None where
    nothing is."""

    of_inputs: dict[int, Demand | None]
    of_steps: list[Demand | None]

    def of(self, place: int) -> Demand | None:
        """What is asked of the result at a place, or of an input."""
        return self.of_inputs[place] if is_input(place) else self.of_steps[place]


def of_answer(case: Case) -> Demands | None:
    """What the results of a model ask for; None where that is too much to follow."""
    return demands(case, case.fact(results))


def demands(case: Case, places: tuple[int, ...], work: int = 1_000_000) -> Demands | None:
    """What the results of some ops, whole, ask for; None where more than so many places would have
    to be looked at."""
    if not case.fact(can_be_followed):
        return None
    steps = case.flat.steps
    # the inputs stand last, in reverse: their places are below 0
    found: list[Demand | None] = [None] * (len(steps) + len(case.inputs))
    for place in places:
        found[place] = (None,) * len(sizes_of(case.given(place)))
    for step in steps[max(places, default=INPUT) :: -1]:
        asked = found[step.place]
        if asked is None:
            continue
        for source, one in _read_by(step.node, asked, step):
            found[step.inputs[source]] = _joined(found[step.inputs[source]], one)
            work -= sum(map(len, filter(None, one)))
        if work < 0:
            return None
    return Demands({place: found[place] for place in case.inputs}, found[: len(steps)])


def _read_by(node: OpNode, asked: Demand, step: Step) -> tuple[tuple[int, Demand], ...]:
    """What an op asks of its inputs, worked out once for all its copies."""
    key = (_read_by, asked)
    if key not in node.known:
        out = sizes_of(node.out)
        node.known[key] = tuple(
            (one.source, demand)
            for one in step.node.reads()
            if one.makes_a_difference
            for demand in (_of_input(one, asked, sizes_of(node.inputs[one.source]), out),)
            if frozenset() not in demand
        )
    found: tuple[tuple[int, Demand], ...] = node.known[key]
    return found


def _of_input(
    one: Reads | Laid, asked: Demand, sizes: tuple[int, ...], out: tuple[int, ...]
) -> Demand:
    if isinstance(one, Laid):
        return _of_laid(one, asked, sizes, out)
    demand = []
    for (to, along), size in zip(one.axes, sizes, strict=True):
        places = _FIRST if to is None else asked[to]
        demand.append(_of_axis(places, along, size, 1 if to is None else out[to]))
    return tuple(demand)


_FIRST = frozenset({0})


@lru_cache(maxsize=4096)
def _of_axis(places: Asked, along: Along, size: int, count: int) -> Asked:
    if places is None and along.covers(count, size):
        return None
    asked = range(count) if places is None else sorted(places)
    if any(len(along.at(place, size)) == size for place in (asked[0], asked[-1])):
        return None
    found = {at for place in asked for at in along.at(place, size)}
    if isinstance(along, Nearby) and along.kernel >= along.stride and asked[-1] == count - 1:
        found.update(range(max(found, default=0), size))
    return None if len(found) == size else frozenset(found)


def _of_laid(laid: Laid, asked: Demand, sizes: tuple[int, ...], out: tuple[int, ...]) -> Demand:
    """Axes that stay whole where they are put ask for what is asked of them; others for all."""
    if laid.sizes != sizes:
        return (None,) * len(sizes)
    turned = tuple(sizes[axis] for axis in laid.order)
    demand: list[Asked] = [None] * len(sizes)
    for at, axis in enumerate(laid.order):
        if turned[: at + 1] == out[: at + 1]:
            demand[axis] = asked[at]
        elif turned[at:] == out[at - len(turned) :]:
            demand[axis] = asked[at - len(turned)]
    return tuple(demand)


def _joined(one: Demand | None, other: Demand) -> Demand:
    if one is None or one == other:
        return other
    return tuple(None if a is None or b is None else a | b for a, b in zip(one, other, strict=True))


def share(demand: Demand | None, sizes: tuple[int, ...]) -> float:
    """How much of a tensor is asked for."""
    if demand is None:
        return 0
    found = 1.0
    for asked, size in zip(demand, sizes, strict=True):
        found *= 1 if asked is None else len(asked) / size
    return found
