"""How many designs have each total, and what follows from it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.space.bounds import Ends


class Inexact(NamedTuple):
    """What is not exact about a distribution: designs counted at a value have a total of ``early``
    to ``late`` more than it. ``missing`` designs are not counted; up to ``doubtful`` have totals
    below that, and as many above."""

    early: int
    late: int
    missing: int
    doubtful: int


EXACT = Inexact(0, 0, 0, 0)


class Distribution:
    """How many of ``total`` designs have each total from ``least`` to ``largest``.

    Questions are answered with two numbers, between which the truth is proven to lie. They are the
    same when the distribution is ``exact``.
    """

    def __init__(
        self,
        ends: Ends,
        total: int,
        grid: Sequence[int],
        up_to: Sequence[int],
        inexact: Inexact = EXACT,
    ) -> None:
        """``up_to`` says how many designs are counted at most at each of the values of ``grid``,
        which ascend."""
        self.least, self.largest = ends
        self.total = total
        self.exact = inexact == EXACT
        self._grid = grid
        self._up_to = up_to
        self._inexact = inexact

    def count_at_most(self, limit: float) -> tuple[int, int]:
        """How many designs have a total of at most ``limit``: at least, and at most."""
        if limit < self.least:
            return 0, 0
        if limit >= self.largest:
            return self.total, self.total
        early, late, missing, doubtful = self._inexact
        low = self._counted(limit - late) - doubtful
        high = self._counted(limit - early) + missing + doubtful
        return max(low, 1), min(high, self.total - 1)

    @cached_property
    def values(self) -> list[int]:
        """The different totals that designs have, ascending; rounded when not exact."""
        return [value for value, _ in self._counts]

    @cached_property
    def counts(self) -> list[int]:
        """How many designs have each of ``values``."""
        return [count for _, count in self._counts]

    @property
    def _counts(self) -> list[tuple[int, int]]:
        found = []
        before = 0
        for value, up_to in zip(self._grid, self._up_to, strict=True):
            if up_to > before:
                found.append((value, up_to - before))
            before = up_to
        return found

    def widest(self) -> int:
        """The largest difference between the two numbers of an answer, at whatever limit."""
        if self.exact:
            return 0
        early, late, missing, doubtful = self._inexact
        step = self._grid[1] - self._grid[0] if len(self._grid) > 1 else 1
        apart = -((early - late) // step)
        counts = [0] * apart + list(self._up_to)
        ahead = counts[apart:] + counts[-1:] * apart
        most = max([high - low for low, high in zip(counts, ahead, strict=True)])
        return min(most + missing + 2 * doubtful, self.total)

    def _counted(self, limit: float) -> int:
        index = bisect_right(self._grid, limit)
        return self._up_to[index - 1] if index else 0
