"""Numbers alive at once in a forward pass without gradients: plain liveness.

A tensor lives from the op that makes it until its last reader has run, the result to the end; views
share their input's storage. A part of a graph has *phases*: while its ops run one after another,
the sources that it still reads become fewer. Of each phase its border tells those sources and the
most numbers alive that were made inside, so whoever puts parts together can add what else is alive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.cost.compose import (
    ENTRY,
    FLOW,
    Composition,
    Source,
    Summary,
    entries,
    from_outside,
)
from archdsl.ops.base import MOVES_NOTHING, Trait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archdsl.graph.nodes import Fragment, Node, OpNode, Ref
    from archdsl.types import TensorType


Place = Source | int  # where a tensor lies: a source, or the number of the part that made it


class Phase(NamedTuple):
    """``reads`` are the sources read now or later; ``alive`` the most numbers from inside."""

    reads: frozenset[Source]
    alive: int


class Border(NamedTuple):
    """Phases in order, and the result: a source it shows, or how many numbers it has of its own.

    Each phase reads fewer sources than the one before and has more alive: others do not matter.
    All of them read a source that the result shows: the last op of a part makes the result, or
    shows what it reads.
    """

    phases: tuple[Phase, ...]
    result: Source | int


class _Timeline:
    """Parts put together in the order they run."""

    def __init__(self) -> None:
        self.parts: list[list[tuple[set[Place], int]]] = []
        self.sizes: list[int] = []

    def enter(self, part: Border, names: Mapping[Source, Place]) -> Place:
        """One more part, and where its result lies; ``names`` tells where its sources lie."""
        phases, result = part
        self.parts.append([({names.get(s, s) for s in reads}, alive) for reads, alive in phases])
        if isinstance(result, int):
            self.sizes.append(result)
            return len(self.sizes) - 1
        self.sizes.append(0)
        return names.get(result, result)

    def run(self, reads: set[Place], makes: int) -> Place:
        """One op more, and where its result lies."""
        self.parts.append([(reads, makes)])
        self.sizes.append(makes)
        return len(self.sizes) - 1

    def close(self, result: Place) -> Summary:
        """The summary of it all; what its result shows lives to the end."""
        later: set[Place] = {result} if isinstance(result, int) else set()
        backwards: list[Phase] = []
        for index in range(len(self.parts) - 1, -1, -1):
            phases = self.parts[index]
            backwards.extend(
                self._phase(reads | later, alive, index) for reads, alive in phases[::-1]
            )
            later |= phases[0][0] if phases else set()
        shown = self.sizes[result] if isinstance(result, int) else result
        return Summary((), Border(_phases(reversed(backwards)), shown))

    def _phase(self, needed: set[Place], alive: int, index: int) -> Phase:
        """A phase of the part at ``index``, with what is needed that was made before it."""
        outer = []
        for place in needed:
            if not isinstance(place, int):
                outer.append(place)
            elif place < index:
                alive += self.sizes[place]
        return Phase(frozenset(outer), alive)


def _outer(reads: frozenset[Source], flow: Source | int) -> frozenset[Source]:
    """Sources read, where what flows in is another source, or made inside."""
    if flow == FLOW or FLOW not in reads:
        return reads
    return reads - {FLOW} if isinstance(flow, int) else reads - {FLOW} | {flow}


def _phases(phases: Iterable[Phase]) -> tuple[Phase, ...]:
    """Those that matter: one that reads less than an earlier one and has no more alive does not."""
    found: list[Phase] = []
    for phase in phases:
        if found and phase.alive <= found[-1].alive:
            continue
        if found and phase.reads == found[-1].reads:
            found.pop()
        found.append(phase)
    return tuple(found)


class Alive(Composition):
    """The most numbers alive at once, per sample."""

    @property
    def nothing(self) -> Summary:
        return _NOTHING

    def ref(self, ref: Ref) -> Summary:
        return Summary((), Border((), (ref.name, ref.up)))

    def op(self, node: OpNode, branches: list[Summary]) -> Summary:
        timeline = _Timeline()
        inputs: list[Place] = [timeline.enter(_border(branch), {}) for branch in branches]
        if not inputs or node.op.branches.with_flow:
            inputs.insert(0, FLOW)
        view = Trait.VIEW in node.op.traits
        makes = 0 if node.op.traits & MOVES_NOTHING else types.numel(node.out)
        made = timeline.run(set(inputs), makes)
        return timeline.close(inputs[0] if view else made)

    def then(self, first: Summary, second: Summary) -> Summary:
        return self._in_a_row((first, second))

    def row(self, steps: Sequence[tuple[Node, Summary]]) -> Summary:
        return self._in_a_row([summary for _, summary in steps])

    def _in_a_row(self, parts: Sequence[Summary]) -> Summary:
        flows: list[Source | int] = [FLOW]  # into each part, and out of the last
        for _, (_, result) in parts:
            flows.append(flows[-1] if result == FLOW else result)
        later: frozenset[Source] = frozenset()
        backwards: list[Phase] = []
        for flow, (_, (phases, _)) in zip(flows[-2::-1], reversed(parts), strict=True):
            for reads, alive in reversed(phases):
                held = flow if isinstance(flow, int) and FLOW in reads else 0
                backwards.append(Phase(_outer(reads, flow) | later, alive + held))
            if phases:
                later |= _outer(phases[0].reads, flow)
        return Summary((), Border(_phases(reversed(backwards)), flows[-1]))

    def body(self, fragment: Fragment, lets: list[Summary], result: Summary) -> Summary:
        timeline = _Timeline()
        names: dict[Source, Place] = {ENTRY: FLOW}
        for binding, let in zip(fragment.bindings, lets, strict=True):
            names[(binding.name, 0)] = timeline.enter(_border(let), names)
        return timeline.close(timeline.enter(_border(result), names))

    def call(self, summary: Summary) -> Summary:
        phases, result = _border(summary)
        outer = [Phase(frozenset(map(from_outside, p.reads)), p.alive) for p in phases]
        shown = result if isinstance(result, int) else from_outside(result)
        return Summary((), Border(tuple(outer), shown))

    def total(self, takes: TensorType, summary: Summary) -> tuple[int, ...]:
        phases, result = _border(summary)
        given = {source: types.numel(part) for source, part in entries(takes).items()}
        needed = [
            p.alive + sum(n for one, n in given.items() if one in p.reads or one == result)
            for p in phases
        ]
        return (max([sum(given.values()), *needed]),)


def _border(summary: Summary) -> Border:
    border: Border = summary.border
    return border


_NOTHING = Summary((), Border((), FLOW))
ALIVE = Alive()
