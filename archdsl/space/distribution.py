"""The distribution of a total over all designs of a diagram, exactly or within proven limits.

Totals lie on a grid, as their differences have a common divisor. The number of designs of each is
a slot of one long number (archdsl.space.slots), of ``TABLE`` bytes at most and made with ``WORK``
at most. Where totals are few but far apart they are kept in dictionaries, made with ``ADDITIONS``
at most. Beyond that, counts are cut to about 17 digits, and totals are rounded to as many steps as
it takes: the number of designs up to a limit lies in an interval then, which is proven, and no
wider than ``WIDTH`` of all designs where the work allowed is enough for that.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING

from archdsl.space.bounds import spans
from archdsl.space.diagram import ordered
from archdsl.space.passing import Passing, steps
from archdsl.space.running_counts import RunningCounts
from archdsl.space.slots import CUT, Grid, TooMuchWork
from archdsl.space.small_parts import SmallParts
from archdsl.space.totals import Distribution, Inexact

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node
    from archdsl.space.slots import Slots, Table

TABLE = 64_000_000  # bytes that a distribution may take
WORK = 3_000_000_000  # bytes that may be moved for it: about a second
SMALL = 100_000  # additions for the distribution of a small part
ADDITIONS = 2_000_000  # additions for all of them: less than a second
WIDTH = 0.001
TASK = 2  # microseconds that a step of passing takes besides the bytes that it moves
ROUGH = 0.05  # wide enough for what is only looked at
DOUBT = 20_000  # one design in so many may be rounded by more than is reckoned with, either way
FIRST = 16_384  # steps that totals are rounded to at first
FEWEST = 64  # and the fewest that they are ever


def distribution(
    root: Node, weights: Weights, width: float = WIDTH, spend: Callable[[int], None] | None = None
) -> Distribution:
    """How many designs have each total, within ``width`` of all designs where it is not exact.

    A wider one takes less work, and is an aim: what is exact with little work is exact all the
    same, and what is not is rounded once. ``spend`` is told how much was done, in microseconds.
    """
    found = _Distributing(root, weights, width)
    try:
        return _distribution(found)
    finally:
        if spend is not None:
            spend(TASK * found.tasks)


def _distribution(found: _Distributing) -> Distribution:
    tables = found.tables(min(SMALL, found.additions))
    if tables[-1] is not None:
        return found.listed(tables[-1])
    return found.on_grid(tables) or found.scattered() or found.rounded(tables)


class _Distributing:
    """The totals of one diagram."""

    def __init__(self, root: Node, weights: Weights, width: float) -> None:
        self.width = width
        share = min(WIDTH / width, 1)
        self.work = int(WORK * share)
        self.additions = int(ADDITIONS * share)
        self.first = max(int(FIRST * share), FEWEST)
        self.count = root.count
        self.nodes = ordered(root)
        self.spans = spans(self.nodes, weights)
        self.steps = steps(self.nodes, self.spans)
        self.span = self.spans[-1]
        self.range = self.span.largest - self.span.least
        self.size = root.count.bit_length() // 8 + 1  # bytes of a count, a bit to spare
        self.tasks = 0

    def tables(self, most: int) -> list[Table | None]:
        """The totals of all small parts, each made with ``most`` additions at most."""
        return SmallParts(self.nodes, self.spans, most=most, work=self.additions).tables

    def listed(self, table: Table) -> Distribution:
        values = sorted(table)
        up_to = list(accumulate([table[value] for value in values]))
        return Distribution(self.span, self.count, [self.span.least + v for v in values], up_to)

    def scattered(self) -> Distribution | None:
        """All totals in a dictionary; None where they are too many."""
        table = self.tables(self.additions)[-1]
        return self.listed(table) if table is not None else None

    def on_grid(self, tables: list[Table | None]) -> Distribution | None:
        """All totals in slots, with exact counts; None where they are too many."""
        wide = (self.range // self.steps[-1] + 1) * self.size
        passing = Passing(self.nodes, self.spans, tables, wide)
        if wide > TABLE or passing.shifts[-1] * wide > 4 * self.work:
            return None
        grid = Grid(self.steps[-1], 8 * self.size, cut=False, work=self.work)
        try:
            return self._made(passing.worked_out(grid, self.steps), grid)
        except TooMuchWork:
            return None
        finally:
            self.tasks += passing.tasks

    def rounded(self, tables: list[Table | None]) -> Distribution:
        """Totals in as many steps as it takes for intervals of the ``width``, or as work allows."""
        number = self.first
        best: Distribution | None = None
        while True:
            made, more = self._in_steps(tables, number)
            if made is None and best is not None:
                return best
            if made is None:
                number = max(number // 16, FEWEST)
                continue
            needed = 1.25 * float(Fraction(made.widest(), self.count)) / self.width
            more = min(more, needed)
            if self.width > WIDTH or needed <= 1.25 or more < min(needed, 1.5):
                return made
            best, number = made, int(number * more)

    def _in_steps(
        self, tables: list[Table | None], number: int
    ) -> tuple[Distribution | None, float]:
        """Totals rounded to a number of steps, and how many times as many could still be made;
        None where that takes too much work."""
        size = min(self.size, CUT // 8)
        passing = Passing(self.nodes, self.spans, tables, number * size)
        apart = len(passing.apart())
        step = self.steps[-1] * (self.range // (self.steps[-1] * number) + 1)
        work = 2 * self.work if number > FEWEST else inf
        grid = Grid(step, 8 * size, cut=size < self.size, work=work)
        try:
            slots = passing.worked_out(grid, [step] * len(self.nodes))
        except TooMuchWork:
            return None, 0
        finally:
            self.tasks += passing.tasks
        spent = max(work - grid.work, 1) if number > FEWEST else inf
        room = 4 * TABLE / (apart * number * size)
        finer = step / self.steps[-1]
        return self._made(slots, grid), min(1.6 * self.work / spent, room, finer)

    def _made(self, slots: Slots, grid: Grid) -> Distribution:
        up_to = RunningCounts(slots, grid.bits)
        first = self.span.least + slots.rest
        values = range(first, first + len(up_to) * grid.step, grid.step)
        early, late, doubted = slots.error.within(1 / DOUBT, grid.step)
        missing = self.count - up_to[-1]
        doubtful = self.count // DOUBT + 1 if doubted else 0
        inexact = Inexact(early, late, missing, doubtful)
        return Distribution(self.span, self.count, values, up_to, inexact)
