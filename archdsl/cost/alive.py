"""Numbers alive at once in a forward pass without gradients: plain liveness.

A tensor lives from the op that makes it until its last reader has run, the result to the end; views
share their input's storage. A part of a graph has *phases*: while its ops run one after another,
the sources that it still reads become fewer. Of each phase its border tells those sources and the
most numbers alive that were made inside, so whoever puts parts together can add what else is alive.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple, cast

from archdsl import types
from archdsl.cost.compose import (
    FLOW,
    Composition,
    Results,
    Shown,
    Source,
    Summary,
    bound,
    entered,
    entries,
    from_outside,
    outside,
    sources_of,
)
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archdsl.graph.nodes import Fragment, Node, OpNode, Ref
    from archdsl.types import TensorType


Place = Source | int  # where a tensor lies: a source, or the number of what was made inside
Held = Place | Results[Place]  # where a tensor lies, or each of several


class Phase(NamedTuple):
    """``reads`` are the sources read now or later; ``alive`` the most numbers from inside."""

    reads: frozenset[Source]
    alive: int


class Border(NamedTuple):
    """Phases in order, and the result: a source it shows, or how many numbers it has of its own;
    of several results both.

    Each phase reads fewer sources than the one before and has more alive: others do not matter.
    All of them read a source that the result shows: the last op of a part makes the result, or
    shows what it reads; and several results live to the end.
    """

    phases: tuple[Phase, ...]
    result: Source | int | Shown


class _Timeline:
    """Parts put together in the order they run."""

    def __init__(self) -> None:
        self.parts: list[list[tuple[set[Place], int]]] = []
        self.sizes: list[int] = []  # of what was made inside
        self.makers: list[int] = []  # the part that made each

    def enter(self, part: Border, names: Mapping[Source, Held]) -> Held:
        """One more part, and where its result lies; ``names`` tells where its sources lie."""
        phases, result = part
        self.parts.append([(_places(reads, names), alive) for reads, alive in phases])
        if isinstance(result, Shown):
            own = [self._make(size) for size in result.own]
            each = (own[r] if isinstance(r, int) else names.get(r, r) for r in result.each)
            return Results(cast("Place", one) for one in each)
        made = self._make(result if isinstance(result, int) else 0)
        return made if isinstance(result, int) else names.get(result, result)

    def _make(self, size: int) -> int:
        """A tensor made by the last part."""
        self.sizes.append(size)
        self.makers.append(len(self.parts) - 1)
        return len(self.sizes) - 1

    def run(self, reads: set[Place], sizes: Sequence[int]) -> list[int]:
        """One op more, and where its results lie."""
        self.parts.append([(reads, sum(sizes))])
        return [self._make(size) for size in sizes]

    def close(self, result: Held) -> Summary:
        """The summary of it all; what its result shows lives to the end."""
        later: set[Place] = set(result) if isinstance(result, Results) else set()
        if isinstance(result, int):
            later.add(result)
        backwards: list[Phase] = []
        for index in range(len(self.parts) - 1, -1, -1):
            phases = self.parts[index]
            backwards.extend(
                self._phase(reads | later, alive, index) for reads, alive in phases[::-1]
            )
            later |= phases[0][0] if phases else set()
            later.difference_update(self._made_by(index))  # before it these do not lie anywhere
        return Summary((), Border(_phases(reversed(backwards)), self._shown(result)))

    def _made_by(self, index: int) -> range:
        """The places of what the part at ``index`` made; places are numbered as parts run."""
        first = bisect_left(self.makers, index)
        return range(first, bisect_right(self.makers, index))

    def _shown(self, result: Held) -> Source | int | Shown:
        if isinstance(result, Results):
            own = list(dict.fromkeys(place for place in result if isinstance(place, int)))
            each = (own.index(p) if isinstance(p, int) else p for p in result)
            return Shown(tuple(each), tuple(self.sizes[place] for place in own))
        return self.sizes[result] if isinstance(result, int) else result

    def _phase(self, needed: set[Place], alive: int, index: int) -> Phase:
        """A phase of the part at ``index``, with what is needed that was made before it."""
        outer = []
        for place in needed:
            if not isinstance(place, int):
                outer.append(place)
            elif self.makers[place] < index:
                alive += self.sizes[place]
        return Phase(frozenset(outer), alive)


def _places(reads: Iterable[Source], names: Mapping[Source, Held]) -> set[Place]:
    return {cast("Place", names.get(source, source)) for source in reads}


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

    in_use = True

    @property
    def nothing(self) -> Summary:
        return _NOTHING

    @property
    def absent(self) -> Summary:
        return Summary((), Border((), 0))

    def source(self, source: Source) -> Summary:
        return Summary((), Border((), source))

    def ref(self, ref: Ref) -> Summary:
        source = (ref.name, ref.up)
        if not isinstance(ref.out, types.Outputs):
            return self.source(source)
        return Summary((), Border((), Shown(sources_of(source, ref.out), ())))

    def op(self, node: OpNode, branches: list[Summary]) -> Summary:
        timeline = _Timeline()
        inputs = [cast("Place", timeline.enter(_border(branch), {})) for branch in branches]
        if not inputs or node.op.branches.with_flow:
            inputs.insert(0, FLOW)
        if node.op.takes_several:
            return timeline.close(inputs[0] if node.op.auxiliary else Results(inputs))
        results = node.out.parts if isinstance(node.out, types.Outputs) else (node.out,)
        view, stored = Trait.VIEW in node.op.traits, Trait.STORED in node.op.traits
        sizes = [0 if stored else types.numel(one) for one in results]
        made = timeline.run(set(inputs), () if view else sizes)
        given: list[Place] = [inputs[0]] * len(results) if view else [*made]
        return timeline.close(given[0] if len(given) == 1 else Results(given))

    def then(self, first: Summary, second: Summary) -> Summary:
        return self._in_a_row((first, second))

    def row(self, steps: Sequence[tuple[Node, Summary]]) -> Summary:
        return self._in_a_row([summary for _, summary in steps])

    def _in_a_row(self, parts: Sequence[Summary]) -> Summary:
        if any(isinstance(_border(part).result, Shown) for part in parts):
            return self._with_several(parts)
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

    def _with_several(self, parts: Sequence[Summary]) -> Summary:
        """A row in which several results flow from one part into the next."""
        timeline, flow = _Timeline(), cast("Held", FLOW)
        for part in parts:
            flow = timeline.enter(_border(part), dict(bound(FLOW, flow)))
        return timeline.close(flow)

    def body(self, fragment: Fragment, lets: list[Summary], result: Summary) -> Summary:
        timeline = _Timeline()
        names: dict[Source, Held] = {**entered(fragment.takes)}
        for binding, let in zip(fragment.bindings, lets, strict=True):
            names.update(bound((binding.name, 0), timeline.enter(_border(let), names)))
        return timeline.close(timeline.enter(_border(result), names))

    def call(self, summary: Summary) -> Summary:
        phases, result = _border(summary)
        outer = [Phase(frozenset(map(from_outside, p.reads)), p.alive) for p in phases]
        return Summary((), Border(tuple(outer), outside(result)))

    def total(self, takes: TensorType, summary: Summary) -> tuple[int, ...]:
        phases, result = _border(summary)
        given = {source: types.numel(part) for source, part in entries(takes).items()}
        shown = set(result.each) if isinstance(result, Shown) else {result}
        needed = [
            p.alive + sum(n for one, n in given.items() if one in p.reads or one in shown)
            for p in phases
        ]
        return (max([sum(given.values()), *needed]),)


def _border(summary: Summary) -> Border:
    border: Border = summary.border
    return border


_NOTHING = Summary((), Border((), FLOW))
ALIVE = Alive()
