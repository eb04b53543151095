"""When the lets of a row are settled: as soon as no later step asks what they came to.

A let is asked for by the steps that read it, and by other lets that read it, once these are taken
up: `let b = a to 9` asks for `a`. What a let came to is taken up, together with the ways to it, at
the latest when one that it asks for is settled. So of a chain of lets that each reads the one
before, never more than two have to be remembered at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.space.explore.units import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.space.explore.units import Owned, Scope


class Deadlines:
    """For each let of a row, the steps that read it, the lets that do, and the step after which
    it is settled: ``last`` when all is done."""

    def __init__(
        self, owned: Owned, last: int, reads: Callable[[int], Iterable[frozenset[Scope]]]
    ) -> None:
        """``reads`` tells what the parts of a step read themselves."""
        self.owned = owned
        self.last = last
        self.steps: dict[Scope, list[int]] = {scope: [] for scope in owned}
        self.readers: dict[Scope, list[Scope]] = {scope: [] for scope in owned}
        for index in range(last):
            for scope in frozenset().union(*reads(index)) & owned.keys():
                self.steps[scope].append(index)
        for reader in owned:
            for scope in asked_by(owned, reader) & owned.keys():
                self.readers[scope].append(reader)
        self.ends: dict[Scope, int] = {}
        for scope in in_order(owned, owned):  # those that read it come before it
            asked = [*self.steps[scope], *map(self._asks, self.readers[scope])]
            self.ends[scope] = max(asked, default=self._asks(scope))

    def _asks(self, reader: Scope) -> int:
        """The last time that a let asks for those that it reads: when a step reads it last. One
        that no step reads can be chosen as soon as no step reads those any more."""
        if len(self.owned[reader]) > 1 and reader in self.ends:
            return self.ends[reader]
        asked = asked_by(self.owned, reader) & self.steps.keys()
        steps = self.steps[reader] or [i for scope in asked for i in self.steps[scope]]
        return max(steps, default=self.last)

    def alone(self, index: int) -> list[Scope]:
        """The lets that one step alone reads: they are left to that step."""
        return [s for s in self.owned if self.steps[s] == [index] and not self.readers[s]]

    def due(self, index: int) -> list[Scope]:
        """The lets that are settled after a step, each before those that it reads."""
        left = set(self.alone(index))
        due = [s for s, end in self.ends.items() if end == index and s not in left]
        return in_order(due, self.owned)

    def to_take_up(self, scope: Scope, index: int) -> list[Scope]:
        """The lets that read one which is settled after a step, and go on after it."""
        readers = self.readers[scope]
        return [s for s in readers if self.ends[s] > index and len(self.owned[s]) == 1]


def asked_by(owned: Owned, scope: Scope) -> frozenset[Scope]:
    """The lets that a let reads itself."""
    return frozenset().union(*(unit.direct for unit, _ in owned[scope]))
