"""Numbers alive at once in a forward pass without gradients: plain liveness.

A tensor lives from the op that makes it until its last reader has run, the result to the end; views
share their input's storage. A part of a graph has *phases*: while its ops run one after another,
the sources that it still reads become fewer. Of each phase its border tells those sources and the
most numbers alive that were made inside, so whoever puts parts together can add what else is alive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import types
from archdsl.cost.compose import ENTRY, FLOW, Composition, Source, Summary, from_outside
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archdsl.graph.nodes import Fragment, Node, OpNode, Ref
    from archdsl.types import TensorType


class Made(NamedTuple):
    """A storage made by the part at a place in a row."""

    place: int


Place = Source | Made  # where a tensor lies


class Phase(NamedTuple):
    """``reads`` are the sources read now or later; ``alive`` the most numbers from inside."""

    reads: frozenset[Any]
    alive: int


class Border(NamedTuple):
    """Phases in order, and the result: a source it shows, or how many numbers it has of its own.

    Each phase reads fewer sources than the one before and has more alive: others do not matter.
    """

    phases: tuple[Phase, ...]
    result: Source | int


class _Timeline:
    """Parts put together in the order they run."""

    def __init__(self) -> None:
        self.parts: list[tuple[Phase, ...]] = []
        self.sizes: list[int] = []

    def enter(self, part: Border, names: Mapping[Source, Place]) -> Place:
        """One more part, and where its result lies; ``names`` tells where its sources lie."""
        self.parts.append(
            tuple(Phase(frozenset(names.get(s, s) for s in p.reads), p.alive) for p in part.phases)
        )
        made = isinstance(part.result, int)
        self.sizes.append(part.result if isinstance(part.result, int) else 0)
        if made:
            return Made(len(self.parts) - 1)
        return names.get(part.result, part.result)  # type: ignore[arg-type]

    def size(self, place: Place) -> int:
        return self.sizes[place.place] if isinstance(place, Made) else 0

    def close(self, result: Place) -> Summary:
        """The summary of it all; what its result shows lives to the end."""
        later = {result} if isinstance(result, Made) else set()
        backwards: list[Phase] = []
        for index in range(len(self.parts) - 1, -1, -1):
            for reads, alive in reversed(self.parts[index]):
                needed = reads | later
                others = sum(self.size(p) for p in needed if _made_before(p, index))
                outer = frozenset(p for p in needed if not isinstance(p, Made))
                backwards.append(Phase(outer, alive + others))
            if self.parts[index]:
                later |= self.parts[index][0].reads
        shown = self.size(result) if isinstance(result, Made) else result
        return Summary((), Border(_phases(reversed(backwards)), shown))


def _made_before(place: Place, index: int) -> bool:
    return isinstance(place, Made) and place.place < index


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
        made = 0 if view else types.numel(node.out)
        timeline.parts.append((Phase(frozenset(inputs), made),))
        timeline.sizes.append(made)
        return timeline.close(inputs[0] if view else Made(len(branches)))

    def then(self, first: Summary, second: Summary) -> Summary:
        return self._in_a_row((first, second))

    def row(self, steps: Sequence[tuple[Node, Summary]]) -> Summary:
        return self._in_a_row([summary for _, summary in steps])

    def _in_a_row(self, parts: Sequence[Summary]) -> Summary:
        timeline = _Timeline()
        flow: Place = FLOW
        for part in parts:
            flow = timeline.enter(_border(part), {FLOW: flow})
        return timeline.close(flow)

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
        given = types.numel(takes)
        needed = [p.alive + given * (FLOW in p.reads or result == FLOW) for p in phases]
        return (max([given, *needed]),)


def _border(summary: Summary) -> Border:
    border: Border = summary.border
    return border


_NOTHING = Summary((), Border((), FLOW))
ALIVE = Alive()
