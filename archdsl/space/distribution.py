"""The distribution of a total over all designs of a diagram, exactly or within proven limits.

Totals lie on a grid, as their differences have a common divisor. The number of designs of each is
a slot of one long number (archdsl.space.slots), of ``TABLE`` bytes at most and made with ``WORK``
at most. Where totals are few but far apart they are kept in dictionaries, made with ``ADDITIONS``
at most. Beyond that, counts are cut to about 12 digits, and totals are rounded to as many steps as
it takes: the number of designs up to a limit lies in an interval then, which is proven, and no
wider than ``WIDTH`` of all designs where the work allowed is enough for that.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING

from archdsl.space.bounds import all_ends
from archdsl.space.diagram import ordered
from archdsl.space.passing import Passing, steps
from archdsl.space.running_counts import RunningCounts
from archdsl.space.slots import CUT, Grid, TooMuchWork
from archdsl.space.small_parts import SmallParts
from archdsl.space.totals import Distribution, Inexact

__all__ = ["Distribution", "distribution"]

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node
    from archdsl.space.slots import Table

TABLE = 64_000_000  # bytes that a distribution may take
ROOM = 256_000_000  # bytes for the distributions of parts on the way to it
WORK = 4_000_000_000  # bytes that may be moved for it: about a second
MORE = 3  # what is foreseen is not exact: so many times as much is done before giving up
SMALL = 2_000  # multiplications for the distribution of a small part
ADDITIONS = 2_000_000  # operations on counts for all of them: less than a second
WIDTH = 0.001
TASK = 2  # microseconds that a step of passing takes besides the bytes that it moves
ROUGH = 0.004  # narrow enough for what is only looked at
DOUBT = 20_000  # one design in so many may be rounded by more than is reckoned with, either way
FIRST = 16_384  # steps that totals are rounded to at first
FEWEST = 1_024  # and the fewest that they are ever, whatever work that is


def distribution(
    root: Node, weights: Weights, width: float = WIDTH, spend: Callable[[int], None] | None = None
) -> Distribution:
    """How many designs have each total, within ``width`` of all designs where it is not exact.

    A wider one takes less work: what is exact with little work is exact all the same. Where the
    work does not do for it, :meth:`Distribution.widest` tells how wide it became. ``spend`` is told
    how much was done, in microseconds.
    """
    found = _Distributing(root, weights, width)
    tables = found.tables(min(SMALL, found.additions))
    if tables[-1] is not None:
        return found.listed(tables[-1])
    passing = Passing(found.nodes, found.ends, tables)
    try:
        return _passed(found, passing)
    finally:
        if spend is not None:
            spend(TASK * passing.tasks)


def _passed(found: _Distributing, passing: Passing) -> Distribution:
    made = found.on_grid(passing, found.size, found.work)
    if made is None and found.cut_size < found.size:
        made = found.on_grid(passing, found.cut_size, 10 * found.work)
    return made or found.scattered() or found.rounded(passing)


class _Distributing:
    """The totals of one diagram."""

    def __init__(self, root: Node, weights: Weights, width: float) -> None:
        share = min(WIDTH / width, 1)
        self.width = width
        self.work = int(WORK * share)
        self.additions = int(ADDITIONS * share)
        self.fewest = max(int(FEWEST * share), 16)
        self.count = root.count
        self.nodes = ordered(root)
        self.ends = all_ends(self.nodes, weights)
        self.steps = steps(self.nodes, self.ends)
        self.whole = self.ends[-1]
        self.range = self.whole.largest - self.whole.least
        self.size = root.count.bit_length() // 8 + 1  # bytes of a count, a bit to spare
        self.cut_size = min(self.size, CUT // 8)

    def tables(self, most: int) -> list[Table | None]:
        """The totals of all small parts, each made with ``most`` additions at most."""
        return SmallParts(self.nodes, self.ends, most=most, work=self.additions).tables

    def listed(self, table: Table) -> Distribution:
        values = sorted(table)
        up_to = list(accumulate([table[value] for value in values]))
        return Distribution(self.whole, self.count, [self.whole.least + v for v in values], up_to)

    def scattered(self) -> Distribution | None:
        """All totals in a dictionary; None where they are too many."""
        table = self.tables(self.additions)[-1]
        return self.listed(table) if table is not None else None

    def on_grid(self, passing: Passing, size: int, work: int) -> Distribution | None:
        """All totals in slots of some bytes, exactly if these hold all counts; None where they are
        too many, or take more work than foreseen."""
        wide = (self.range // self.steps[-1] + 1) * size
        if wide > TABLE or passing.work(self.steps, size) > work:
            return None
        return self._made(passing, self.steps, size, MORE * self.work)[0]

    def rounded(self, passing: Passing) -> Distribution:
        """Totals in as many steps as it takes for intervals of ``width``, or as work allows."""
        number = max(int(FIRST * WIDTH / self.width), self.fewest)
        while number > self.fewest and passing.work(self._steps(number), self.cut_size) > self.work:
            number = max(number // 2, self.fewest)
        best, more = self._in_steps(passing, number)
        while best is None:
            number = max(number // 8, self.fewest)
            best, more = self._in_steps(passing, number)
        while True:
            needed = 1.25 * float(Fraction(best.widest(), self.count)) / self.width
            more = min(more, needed)
            if needed <= 1.25 or more < min(needed, 1.5):
                return best
            number = int(number * more)
            made, more = self._in_steps(passing, number)
            if made is None:
                return best
            best = made

    def _steps(self, number: int) -> list[int]:
        """Steps of the same length for all nodes, so many or fewer for the root."""
        step = self.steps[-1] * (self.range // (self.steps[-1] * number) + 1)
        return [step] * len(self.nodes)

    def _in_steps(self, passing: Passing, number: int) -> tuple[Distribution | None, float]:
        """Totals rounded to a number of steps, and how many times as many could still be made;
        None where that takes too much work."""
        steps = self._steps(number)
        if number <= self.fewest:
            return self._made(passing, steps, self.cut_size, inf)[0], 0
        made, spent = self._made(passing, steps, self.cut_size, MORE * self.work)
        return made, min(self.work / spent, steps[-1] / self.steps[-1])

    def _made(
        self, passing: Passing, steps: list[int], size: int, work: float
    ) -> tuple[Distribution | None, float]:
        """Totals in slots, and the work that they took; None where that is more than allowed."""
        grid = Grid(8 * size, cut=size < self.size, work=work, room=ROOM if work < inf else inf)
        try:
            slots = passing.worked_out(grid, steps)
        except TooMuchWork:
            return None, work
        up_to = RunningCounts(slots, grid.bits)
        first = self.whole.least + slots.rest
        values = range(first, first + len(up_to) * grid.step, grid.step)
        early, late, doubted = slots.error.within(1 / DOUBT, grid.step)
        missing = self.count - up_to[-1]
        doubtful = self.count // DOUBT + 1 if doubted else 0
        inexact = Inexact(early, late, missing, doubtful)
        found = Distribution(self.whole, self.count, values, up_to, inexact)
        return found, max(work - grid.work, 1)
