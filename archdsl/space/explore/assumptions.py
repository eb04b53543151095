"""What a part of a space takes for granted of choices that are made elsewhere, once for all.

A part that reads a ``let`` of the body around it, or applies a shared block, is explored for each
thing that this may come to, and hands up what it assumed. Parts that contradict each other do not
go together. Whoever owns the choices settles them: a part that assumed a value goes together with
the designs of the let that have this value.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.space.diagram import Node, Part, Place, product, union
from archdsl.space.explore.work import OUTCOME, WAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archdsl.evaluate.run import Alike
    from archdsl.space.explore.explorer import Explorer
    from archdsl.space.explore.units import Component, Scope


class Assumption(NamedTuple):
    """That a component met in a scope comes to an outcome; ``times`` counts how often it is met.
    Values cost nothing: they are met once, and 0 times when the ways to them were taken up."""

    component: Component
    outcome: Any
    times: int


Assumed = frozenset[tuple["Scope", tuple[Assumption, ...]]]
NOTHING: Assumed = frozenset()
State = tuple[Any, Assumed]  # what has been found out so far, and what it assumes
FEW = 8  # ways that are gone through one by one


class Joint(dict[tuple[Any, ...], list[tuple[Assumed, Node]]]):
    """What components come to together: each combination of outcomes, with the ways to it. A way is
    a diagram of choices and what they assume.

    No design of them nests more than ``nested`` bodies, or has more than ``ops`` ops.
    """

    def __init__(
        self, ways: Iterable[tuple[State, Any]] = (), nested: int = 0, ops: int = 0
    ) -> None:
        """``ways`` are sets of outcomes, each with what it assumes, and the diagram that leads to
        it (None where nothing is chosen)."""
        super().__init__()
        for (outcomes, assumed), node in ways:
            self.setdefault(outcomes, []).append((assumed, node))
        self.nested = nested
        self.ops = ops
        self._following: dict[Any, dict[Any, list[Any]]] = {}
        self._last: dict[Any, dict[Any, None]] = {}
        self._always: dict[Any, tuple[Any, ...]] = {}
        self._index: dict[Any, dict[Any, list[tuple[Assumed, Node]]]] = {}

    @cached_property
    def scopes(self) -> frozenset[Scope]:
        """The scopes of which any way assumes something."""
        return frozenset(s for ways in self.values() for more, _ in ways for s, _ in more)

    def agreeing(
        self, outcomes: tuple[Any, ...], assumed: Assumed, explorer: Explorer
    ) -> list[tuple[Assumed, Node]]:
        """The ways to come to some outcomes, without most of those that contradict what is assumed
        already: of many ways, those that assume the same of what both speak of are looked up."""
        ways = self.get(outcomes, [])
        if len(ways) < FEW or not assumed:
            return ways
        known = _spoken_of(assumed)
        always = self._always.get(outcomes)
        if always is None:
            spoken = [_spoken_of(more) for more, _ in ways]
            always = tuple(key for key in spoken[0] if all(key in other for other in spoken))
            self._always[outcomes] = always
        common = tuple([key for key in always if key in known])
        index = self._index.get((outcomes, common))
        if index is None:
            explorer.spend(len(ways), WAY)
            index = self._index[outcomes, common] = {}
            for way in ways:
                spoken_of = _spoken_of(way[0])
                index.setdefault(tuple([spoken_of[key] for key in common]), []).append(way)
        return index.get(tuple([known[key] for key in common]), [])

    def following(self, before: tuple[Any, ...], alike: Alike | None) -> list[Any]:
        """The outcomes of the last component beside those of the others; only those of which the
        function of ``alike`` says the same as it has."""
        function, wanted = alike or (_nothing, None)
        key = (before, function)
        groups = self._following.get(key)
        if groups is None:
            groups = self._following[key] = {}
            for outcome in self._beside(before):
                groups.setdefault(alike and function(outcome.out), []).append(outcome)
        return groups.get(wanted, [])

    def _beside(self, before: tuple[Any, ...]) -> Iterable[Any]:
        """What the last component can come to beside what the others do, once each."""
        if not self._last:
            for outcomes in self:
                self._last.setdefault(outcomes[:-1], {})[outcomes[-1]] = None
        return self._last.get(before, ())


def _spoken_of(assumed: Assumed) -> dict[Any, Any]:
    """What is assumed of each component of each scope."""
    return {(s, entry.component): entry.outcome for s, entries in assumed for entry in entries}


def _nothing(tensor: Any) -> None:
    return None


def together(first: Assumed, second: Assumed) -> Assumed | None:
    """Both sets of assumptions; None where they contradict each other."""
    if not first or not second:
        return first or second
    found = dict(first)
    for scope, assumptions in second:
        merged = _merged(found.get(scope, ()), assumptions)
        if merged is None:
            return None
        found[scope] = merged
    return frozenset(found.items())


def scaled(assumed: Assumed, factor: int) -> Assumed:
    """What is assumed by ``factor`` copies of a part that are one choice."""
    if factor == 1 or not assumed:
        return assumed
    return frozenset((scope, tuple(map(_by(factor), entries))) for scope, entries in assumed)


def _by(factor: int) -> Callable[[Assumption], Assumption]:
    def scale(entry: Assumption) -> Assumption:
        is_value = entry.component[1] is None
        return entry if is_value else entry._replace(times=factor * entry.times)

    return scale


def _merged(
    first: tuple[Assumption, ...], second: tuple[Assumption, ...]
) -> tuple[Assumption, ...] | None:
    known = {entry.component: entry for entry in first}
    for entry in second:
        before = known.get(entry.component)
        if before is None:
            known[entry.component] = entry
        elif before.outcome is not entry.outcome and before.outcome != entry.outcome:
            return None
        elif entry.component[1] is not None:
            known[entry.component] = entry._replace(times=before.times + entry.times)
    return tuple(known.values())


class Alternatives:
    """Ways that lead to the same state, gathered as they are found."""

    def __init__(self) -> None:
        self.found: dict[Any, list[Node]] = {}

    def add(self, key: Any, node: Node) -> None:
        if node.count:
            self.found.setdefault(key, []).append(node)

    def items(self) -> Iterable[tuple[Any, Node]]:
        return [(key, union(nodes)) for key, nodes in self.found.items()]


def settled(
    states: Iterable[tuple[State, Node]],
    scope: Scope,
    components: tuple[Component, ...],
    explorer: Explorer,
    place: Place | None = None,
) -> Alternatives:
    """The states with the choices of a scope made, which then assume nothing of it any more: each
    goes together with the choices that come to what it assumed, or with all where it assumed
    nothing. ``components`` are all that is met in the scope; ``place`` is that of the exploration
    that settles it.

    Of `let a = b + (0 | 1)`, a state that assumes `a = 2` becomes two: one with 0 chosen, which
    assumes `b = 2` instead, and one with 1 chosen, which assumes `b = 1`.
    """
    found = Alternatives()
    known: dict[Any, list[tuple[Assumed, Node, int]]] = {}
    for (key, assumed), node in states:
        entries = _entries(assumed, scope)
        rest = frozenset(pair for pair in assumed if pair[0] is not scope) if entries else assumed
        if _is_taken_up(entries):
            found.add((key, rest), node)
            continue
        times = dict.fromkeys(components, 0)
        times.update((entry.component, entry.times) for entry in entries)
        if not times:  # the scope is not met: nothing is chosen in it
            found.add((key, assumed), node)
            continue
        wanted = {entry.component: entry.outcome for entry in entries}
        asked = (*times.items(), *wanted.items())
        ways = known.get(asked)
        if ways is None:
            ways = known[asked] = list(_choices(explorer, scope, times, wanted))
        explorer.spend(len(ways), WAY)
        for more, part, factor in ways:
            both = explorer.together(rest, more)
            if both is not None:
                made = Part(part, scope.path, scope.place, factor)
                found.add((key, both), product(node, made, place))
    return found


def taken_up(
    states: Iterable[tuple[State, Node]], scope: Scope, component: Component, explorer: Explorer
) -> Alternatives:
    """The states with the choices of a let made, and its value remembered for what reads it later;
    :func:`settled` forgets it when nothing does any more.

    Of `let a = b + (0 | 1)`, a state that assumes `a = 2` and `b = 1` goes on with 1 chosen, and
    assumes the same; only that `a` is *taken up* is noted, by counting it 0 times. A state that
    assumes nothing of `a` becomes one for each value that `a` has.
    """
    joint, _ = explorer.explore((component,), (1,), {})
    found = Alternatives()
    for (key, assumed), node in states:
        entries = _entries(assumed, scope)
        if _is_taken_up(entries):
            found.add((key, assumed), node)
            continue
        rest = frozenset(pair for pair in assumed if pair[0] is not scope)
        for outcomes in [(entry.outcome,) for entry in entries] or joint:
            known = frozenset(((scope, (Assumption(component, outcomes[0], 0),)),))
            ways = joint.agreeing(outcomes, rest, explorer)
            explorer.spend(len(ways), WAY)
            for more, part in ways:
                both = explorer.together(rest, more)
                if both is not None:
                    made = Part(part, scope.path, scope.place)
                    found.add((key, both | known), product(node, made))
    return found


def _is_taken_up(entries: tuple[Assumption, ...]) -> bool:
    """Whether the choices of a let are made already, of which this is assumed."""
    return any(entry.component[1] is None and not entry.times for entry in entries)


def _entries(assumed: Assumed, scope: Scope) -> tuple[Assumption, ...]:
    """What is assumed of one scope."""
    return dict(assumed).get(scope, ())


def _wanted(
    joint: Joint, met: tuple[Component, ...], wanted: dict[Component, Any]
) -> Iterator[tuple[dict[Component, Any], list[tuple[Assumed, Node]]]]:
    """The outcomes in which some components come to what is wanted, with the ways to them."""
    if len(wanted) == len(met):
        outcomes = tuple(wanted[component] for component in met)
        yield wanted, joint.get(outcomes, [])
        return
    for outcomes, ways in joint.items():
        known = dict(zip(met, outcomes, strict=True))
        if all(known[component] == outcome for component, outcome in wanted.items()):
            yield known, ways


def _choices(
    explorer: Explorer, scope: Scope, times: dict[Component, int], wanted: dict[Component, Any]
) -> Iterator[tuple[Assumed, Node, int]]:
    """The ways in which what is met in a scope comes to the outcomes wanted, each with a factor of
    its costs.

    A shared block may call itself, so that its choices lead to further things in the same scope.
    They are chosen with the others then, as often as the others meet them: what is met grows
    until nothing is missing.
    """
    waiting, seen = [times], {frozenset(times.items())}
    while waiting:
        met = waiting.pop()
        joint, factor = explorer.explore(tuple(met), tuple(met.values()), {})
        if len(wanted) < len(met):
            explorer.spend(len(joint), OUTCOME)
        gathered = Alternatives()
        for known, ways in _wanted(joint, tuple(met), wanted):
            for assumed, node in ways:
                again = _entries(assumed, scope)
                if any(known.get(e.component, e.outcome) != e.outcome for e in again):
                    continue
                needed = _more_often(times, again, factor)
                if needed == met:
                    rest = frozenset(pair for pair in assumed if pair[0] is not scope)
                    gathered.add(scaled(rest, factor), node)
                elif frozenset(needed.items()) not in seen:
                    seen.add(frozenset(needed.items()))
                    waiting.append(needed)
        yield from ((assumed, node, factor) for assumed, node in gathered.items())


def _more_often(
    times: dict[Component, int], again: tuple[Assumption, ...], factor: int
) -> dict[Component, int]:
    """How often each is met, with what is met again."""
    if not again:
        return times
    needed = dict(times)
    for entry in again:
        needed[entry.component] = needed.get(entry.component, 0) + factor * entry.times
    return needed
