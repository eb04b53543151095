"""What a part of a space takes for granted of choices that are made elsewhere, once for all.

A part that reads a ``let`` of the body around it, or applies a shared block, is explored for each
thing that this may come to, and hands up what it assumed. Parts that contradict each other do not
go together. Whoever owns the choices settles them: a part that assumed a value goes together with
the designs of the let that have this value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.space.diagram import Node, Part, Place, product, union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.evaluate.run import Alike
    from archdsl.space.explore.units import Component, Scope

    Explore = Callable[
        [tuple[Component, ...], tuple[int, ...]], tuple["Joint", int]
    ]  # components and how often each is met; what they come to, and a factor of all costs


class Assumption(NamedTuple):
    """That a component met in a scope comes to an outcome; ``times`` counts how often it is met
    (always 1 for values, which cost nothing)."""

    component: Component
    outcome: Any
    times: int


Assumed = frozenset[tuple["Scope", tuple[Assumption, ...]]]
NOTHING: Assumed = frozenset()
State = tuple[Any, Assumed]  # what has been found out so far, and what it assumes


class Joint(dict[tuple[Any, ...], list[tuple[Assumed, Node]]]):
    """What components come to together: each combination of outcomes, with the ways to it."""

    def __init__(self) -> None:
        super().__init__()
        self._following: dict[Any, dict[Any, list[Any]]] = {}

    def following(self, before: tuple[Any, ...], alike: Alike | None) -> list[Any]:
        """The outcomes of the last component beside those of the others; only those of which the
        function of ``alike`` says the same as it has."""
        function, wanted = alike or (_nothing, None)
        key = (before, function)
        groups = self._following.get(key)
        if groups is None:
            groups = self._following[key] = {}
            for outcome in dict.fromkeys(o[-1] for o in self if o[:-1] == before):
                groups.setdefault(alike and function(outcome.out), []).append(outcome)
        return groups.get(wanted, [])


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
    explore: Explore,
    place: Place | None = None,
) -> Alternatives:
    """The states with the choices of a scope made: each goes together with those choices that give
    what it assumed of the scope, all of them where it assumed nothing. ``components`` are all that
    is met in the scope; ``place`` is that of the exploration that settles it."""
    found = Alternatives()
    for (key, assumed), node in states:
        entries = {entry.component: entry for entry in dict(assumed).get(scope, ())}
        rest = frozenset(pair for pair in assumed if pair[0] is not scope) if entries else assumed
        every = (*entries, *(c for c in components if c not in entries))
        if not every:  # the scope is not met: nothing is chosen in it
            found.add((key, assumed), node)
            continue
        times = tuple(entries[c].times if c in entries else 0 for c in every)
        wanted = tuple(entry.outcome for entry in entries.values())
        ways, factor = _choices(explore, every, times, wanted)
        for more, part in ways:
            both = together(rest, more)
            if both is not None:
                made = Part(part, scope.path, scope.place, factor)
                found.add((key, both), product(node, made, place))
    return found


def _choices(
    explore: Explore, every: tuple[Component, ...], times: tuple[int, ...], wanted: tuple[Any, ...]
) -> tuple[list[tuple[Assumed, Node]], int]:
    """The ways in which the components of a scope come to the outcomes wanted."""
    joint, factor = explore(every, times)
    if len(wanted) == len(every):
        return joint.get(wanted, []), factor
    gathered = Alternatives()
    for outcomes, ways in joint.items():
        if outcomes[: len(wanted)] == wanted:
            for assumed, node in ways:
                gathered.add(assumed, node)
    return list(gathered.items()), factor
