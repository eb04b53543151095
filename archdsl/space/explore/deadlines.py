"""When the lets of a row are settled: as soon as no later step needs to know what they came to.

From the step that reads a let on, the states of a row remember its value, until it is settled. A
let is needed by the steps that read it, and by the choices of other lets that read it::

    let a = 1 to 3
    let b = a to 9
    let c = b to 9
    return conv(a, 3) -> conv(b, 3) -> conv(c, 3)

Behind `conv(b, 3)` nothing but the choice of `b` needs `a`. So `b` is *taken up* there: its choice
is made for the values that are remembered of both, and `a` is settled. What `b` came to is still
remembered, until `c` is settled behind `conv(c, 3)`. So of a chain of lets, however long, never
more than two values are remembered at a time.
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
        for scope in in_order(owned, owned):  # each behind those that read it, whose ends it needs
            asked = [*self.steps[scope], *map(self._asks, self.readers[scope])]
            self.ends[scope] = max(asked, default=self._idle(scope))

    def _asks(self, reader: Scope) -> int:
        """The last step after which the choice of a let may need those that it reads."""
        if len(self.owned[reader]) > 1:  # met as several components: it cannot be taken up
            return self.ends[reader]
        return max(self.steps[reader], default=self._idle(reader))

    def _idle(self, scope: Scope) -> int:
        """The step after which a let that no step reads can be chosen: when none reads those that
        it reads any more."""
        asked = asked_by(self.owned, scope) & self.steps.keys()
        return max((i for one in asked for i in self.steps[one]), default=self.last)

    def alone(self, index: int) -> list[Scope]:
        """The lets that one step alone reads: they are left to that step."""
        return [s for s in self.owned if self.steps[s] == [index] and not self.readers[s]]

    def due(self, index: int) -> list[Scope]:
        """The lets that are settled after a step, each before those that it reads."""
        left = set(self.alone(index))
        due = [s for s, end in self.ends.items() if end == index and s not in left]
        return in_order(due, self.owned)

    def to_take_up(self, scope: Scope, index: int) -> list[Scope]:
        """The lets that read one which is settled after a step, and are needed longer than it."""
        readers = self.readers[scope]
        return [s for s in readers if self.ends[s] > index and len(self.owned[s]) == 1]


def asked_by(owned: Owned, scope: Scope) -> frozenset[Scope]:
    """The lets that a let reads itself, or through lets that are chosen together with it."""
    units = [unit for unit, _ in owned[scope]]
    through = [asked_by(unit.private, one) for unit in units for one in unit.private]
    return frozenset().union(*through, *(unit.direct for unit in units))
