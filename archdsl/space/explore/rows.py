"""Layers in a row, explored step by step: what has led to the same state goes on as one.

Of `conv(4 | 8, 3) -> relu -> conv(16, 1)` there are two states behind the first two steps, as what
flows on has 4 or 8 channels, and one behind the last: a union of both ways to it. So a row of n
choices takes n steps for each thing that can flow, not 2^n combinations.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.evaluate.frames import Frame, Pending
from archdsl.evaluate.run import refuse_thrown_away
from archdsl.graph import build
from archdsl.space.diagram import Part, Product, costing_nothing, product
from archdsl.space.explore.assumptions import (
    NOTHING,
    Alternatives,
    Joint,
    scaled,
    settled,
    taken_up,
)
from archdsl.space.explore.deadlines import Deadlines
from archdsl.space.explore.making import layer_unit
from archdsl.space.explore.units import directly_read
from archdsl.space.explore.work import OUTCOME, STATE, WAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.space.diagram import Node
    from archdsl.space.explore.assumptions import Assumed
    from archdsl.space.explore.explorer import Explorer, Key
    from archdsl.space.explore.units import Component, Owned, Scope, Unit


class Flowing(NamedTuple):
    """What the steps so far of each row have come to, and what flows into the next."""

    done: tuple[Any, ...]
    takes: tuple[Any, ...]


class MetByRows(NamedTuple):
    """What the rows meet at one position: the components, and for each row which of them is its
    own (None: it has no step there)."""

    components: tuple[Component, ...]
    own: tuple[int | None, ...]


class Folding:
    """The exploration of rows met at one place, all taken through their steps side by side.

    A state is what the rows have come to so far and what that assumes, with the diagram of the
    designs that led there. Those that came through ``index`` steps are ``waiting`` to be taken
    through the next one; ``after`` has those that were. Any step may raise Needed: then
    :meth:`finish` is called again later and goes on with the first state that still waits.
    """

    def __init__(self, explorer: Explorer, key: Key) -> None:
        self.explorer = explorer
        self.key = key
        self.rows = [unit for unit, _ in key.components]
        self.owned: Owned = dict(key.owned)
        takes = tuple(takes for _, takes in key.components)
        none = Product((), (), explorer.outcomes.zero)
        self.index = 0
        start = (Flowing((None,) * len(self.rows), takes), NOTHING)
        self.waiting: list[tuple[Any, Node]] = [(start, none)]
        self.after = Alternatives()
        self.nested = 0
        self.ops = [0]  # of the steps so far, each the most it can have
        self.schedule = aligned(self.rows)
        self.last = len(self.schedule)
        self.deadlines = Deadlines(self.owned, self.last, self._read)
        self.gone: set[Scope] = set()  # lets that are settled

    def _read(self, index: int) -> Iterator[frozenset[Scope]]:
        """What each row reads at a step."""
        for row, step in zip(self.rows, self.schedule[index], strict=True):
            if step is not None:
                layer, frame = row.steps[step]
                yield directly_read(layer.free, frame.env)

    def finish(self) -> Joint:
        """All steps taken; what the rows come to. Raises Needed."""
        while self.index < self.last:
            while self.waiting:
                self.explorer.spend(1, STATE)
                self._step(*self.waiting[-1])  # it stays there until all of that is done
                self.waiting.pop()
            self._settle(self.index)
            self.waiting, self.after = list(self.after.items()), Alternatives()
            self.index += 1
            self.ops.append(0)
        for key, node in self.waiting:
            self.after.add(key, node)
        self.waiting = []
        self._settle(self.last)
        ways = [((flowing.done, a), node) for (flowing, a), node in self.after.items()]
        return Joint(ways, self.nested, sum(self.ops))

    def _settle(self, index: int) -> None:
        """Settles the lets that nothing asks for after a step."""
        for scope in self.deadlines.due(index):
            if scope not in self.gone:  # what is needed for the next one may interrupt this
                self.after = self._without(scope, index)
                self.gone.add(scope)

    def _without(self, scope: Scope, index: int) -> Alternatives:
        """The states with a let settled, and those that read it taken up before."""
        states = self.after.items()
        for reader in self.deadlines.to_take_up(scope, index):
            (component,) = self.owned[reader]
            states = taken_up(states, reader, component, self.explorer).items()
        return settled(states, scope, self.owned[scope], self.explorer)

    def _step(self, state: tuple[Flowing, Assumed], node: Node) -> None:
        """One state taken through the next step: with each outcome of the step, and each way to it
        that does not contradict what the state assumes."""
        flowing, kept = state
        met, path = self._met(flowing, _values_in(kept))
        times = self._times(met)
        alone = {scope: self.owned[scope] for scope in self.deadlines.alone(self.index)}
        joint, factor = Joint([(((), NOTHING), None)]), 1
        if met.components:
            joint, factor = self.explorer.explore(met.components, times, alone)
            self.nested = max(self.nested, joint.nested)
            self.ops[-1] = max(self.ops[-1], factor * joint.ops)
        found = []
        self.explorer.spend(len(joint), OUTCOME)
        for outcomes in joint:
            try:
                after, amounts = self._joined(flowing, met, outcomes)
            except SpecError as error:
                self.explorer.refused(error)
                continue
            assumed, before = kept, node
            if self._throws_away(flowing, met, outcomes):
                assumed, before = scaled(kept, 0), costing_nothing(node)
            ways = joint.agreeing(outcomes, assumed, self.explorer)
            self.explorer.spend(len(ways), WAY)
            for more, part in ways:
                both = self.explorer.together(assumed, scaled(more, factor))
                if both is not None:
                    found.append(((after, both), self._grown(before, amounts, part, path, factor)))
        for key, grown in found:
            self.after.add(key, grown)

    def _grown(
        self, node: Node, amounts: tuple[int, ...], part: Node | None, path: str, factor: int
    ) -> Node:
        """The diagram of a state with what a step chose, and what joining it on costs."""
        if any(amounts):
            node = product(node, Part(Product((), (), amounts)))
        return node if part is None else product(node, Part(part, path, None, factor))

    def _times(self, met: MetByRows) -> tuple[int, ...]:
        """How often each component that is met counts."""
        times = [0] * len(met.components)
        for own, n in zip(met.own, self.key.times, strict=True):
            if own is not None:
                times[own] += n
        return tuple(times)

    def _met(self, flowing: Flowing, values: dict[Pending, Any]) -> tuple[MetByRows, str]:
        """What the rows meet at the next step, and the path of that. Lets whose ``values`` are
        known by now are no longer open there, so that nothing is explored for other values."""
        components: list[Component] = []
        own: list[int | None] = []
        path = ""
        position = self.schedule[self.index]
        for row, step, takes in zip(self.rows, position, flowing.takes, strict=True):
            if step is None:
                own.append(None)
                continue
            layer, frame = row.steps[step]
            path = frame.path
            frame = _with_values(frame, layer, values) if values else frame
            component = (layer_unit(self.explorer.units, layer, frame, row.lends), takes)
            if component not in components:
                components.append(component)
            own.append(components.index(component))
        return MetByRows(tuple(components), tuple(own)), path

    def _joined(
        self, flowing: Flowing, met: MetByRows, outcomes: tuple[Any, ...]
    ) -> tuple[Flowing, tuple[int, ...]]:
        """Each row with the outcome of its step behind it, and what joining them costs."""
        done, takes, total = [], [], self.explorer.outcomes.zero
        steps = zip(self.rows, self.schedule[self.index], met.own, strict=True)
        states = zip(flowing.done, flowing.takes, self.key.times, strict=True)
        for (row, step, own), (before, flows, times) in zip(steps, states, strict=True):
            if step is None or own is None:
                done.append(before)
                takes.append(flows)
                continue
            outcome, amounts = self._behind(row, step, before, outcomes[own])
            done.append(outcome)
            takes.append(outcome.out)
            total = tuple([a + times * b for a, b in zip(total, amounts, strict=True)])
        return Flowing(tuple(done), tuple(takes)), total

    def _throws_away(self, flowing: Flowing, met: MetByRows, outcomes: tuple[Any, ...]) -> bool:
        """Whether this step ignores what the steps before it gave: they are chosen, and cost
        nothing. Raises Unexplorable where rows of one place differ in that."""
        ignored = [
            own is not None and not build.reads_flow(outcomes[own])
            for own, before in zip(met.own, flowing.done, strict=True)
            if before is not None
        ]
        if any(ignored) and not all(ignored):
            raise self.explorer.uneven()
        return any(ignored)

    def _behind(
        self, row: Unit, step: int, before: Any, outcome: Any
    ) -> tuple[Any, tuple[int, ...]]:
        if before is None:
            return outcome, self.explorer.outcomes.zero
        refuse_thrown_away(outcome, *row.steps[step])
        return self.explorer.outcomes.behind(before, outcome, row.lends)


def _values_in(assumed: Assumed) -> dict[Pending, Any]:
    """The lets of which some assumptions tell the value."""
    return {
        Pending(scope, entry.component[0]): entry.outcome.value
        for scope, entries in assumed
        for entry in entries
        if entry.component[1] is None
    }


def _with_values(frame: Frame, layer: Any, values: dict[Pending, Any]) -> Frame:
    """A frame in which lets that a layer reads are bound to their values."""
    bound = {name: frame.env.get(name) for name in layer.free}
    known = {n: values[one] for n, one in bound.items() if type(one) is Pending and one in values}
    if not known:
        return frame
    return frame.among({**frame.env, **known})


def aligned(rows: list[Unit]) -> list[tuple[int | None, ...]]:
    """Rows met at one place side by side: for each position, which step of each row stands there.

    Copies of `each` choose under paths of their own, and the same copy of two rows chooses once:
    `each(i = 1 to 3, …)` and `each(i = 2 to 3, …)` have their last two in common.
    """
    if len(rows) == 1:
        return [(step,) for step in range(len(rows[0].steps))]
    marks = [_marks(row) for row in rows]
    heads = [0] * len(rows)
    found: list[tuple[int | None, ...]] = []
    while any(head < len(row) for head, row in zip(heads, marks, strict=True)):
        mark = _next_of(marks, heads)
        pairs = list(zip(heads, marks, strict=True))
        has = [head < len(row) and row[head] == mark for head, row in pairs]
        found.append(tuple([head if it else None for head, it in zip(heads, has, strict=True)]))
        heads = [head + it for head, it in zip(heads, has, strict=True)]
    return found


def _next_of(marks: list[list[Any]], heads: list[int]) -> Any:
    """What stands first in some row and behind nothing in any."""
    first = [row[head] for head, row in zip(heads, marks, strict=True) if head < len(row)]
    if len(set(first)) == 1:
        return first[0]
    behind = {mark for head, row in zip(heads, marks, strict=True) for mark in row[head + 1 :]}
    return next(mark for mark in first if mark not in behind)


def _marks(row: Unit) -> list[tuple[str, int]]:
    """What tells the steps of a row apart: the path, and how many have it before."""
    met: Counter[str] = Counter()
    found = []
    for _, frame in row.steps:
        found.append((frame.path, met[frame.path]))
        met[frame.path] += 1
    return found
