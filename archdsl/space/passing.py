"""Passing a distribution through a diagram, so that the totals of what is passed are added."""

from __future__ import annotations

from math import gcd, isqrt
from typing import TYPE_CHECKING, Any

from archdsl.space.diagram import Union
from archdsl.space.slots import ONE

if TYPE_CHECKING:
    from archdsl.space.bounds import Span
    from archdsl.space.diagram import Node, Part, Product
    from archdsl.space.slots import Grid, Slots, Table

Task = tuple[Any, ...]  # a method and its arguments


class Passing:
    """The distributions of the large nodes of a diagram.

    A running distribution is passed through the parts of a product one after another, and through
    each option of a union by itself: that costs a shift for each total of a small part, where two
    large distributions would have to be multiplied. A part with so many small ones inside that
    multiplying costs less is worked out by itself before.
    """

    def __init__(
        self, nodes: list[Node], spans: list[Span], tables: list[Table | None], wide: int
    ) -> None:
        """``wide`` is the size in bytes of a distribution that is passed."""
        self.nodes = nodes
        self.spans = spans
        self.tables = tables
        self.most = most_shifts(wide)
        self.shifts = _shifts(nodes, tables, self.most + 1)
        self.tasks = 0  # done so far

    def apart(self) -> list[Node]:
        """The nodes that are worked out by themselves, the root last."""
        root = self.nodes[-1]
        needed = {root.order}
        for node in reversed(self.nodes):
            if node.order in needed and self.tables[node.order] is None:
                inner = node.options if type(node) is Union else _counting(node)  # type: ignore[arg-type]
                needed.update([below.order for below in inner])
        return [n for n in self.nodes if n.order in needed and (self.is_apart(n) or n is root)]

    def is_apart(self, node: Node) -> bool:
        """Whether passing through a node costs more than multiplying by its distribution."""
        return self.tables[node.order] is None and self.shifts[node.order] > self.most

    def worked_out(self, grid: Grid, steps: list[int]) -> Slots:
        """The distribution of the root, above its least total. ``steps`` are those of each node."""
        known: dict[int, Slots] = {}
        for node in self.apart():
            grid.step = steps[node.order]
            known[node.order] = _Running(self, grid, steps, known).through(node)
        return known[self.nodes[-1].order]


class _Running:
    """One distribution on its way. ``saved`` holds for each union that it is in what went in, and
    the sum of what has come out so far."""

    def __init__(
        self, passing: Passing, grid: Grid, steps: list[int], known: dict[int, Slots]
    ) -> None:
        self.passing = passing
        self.grid = grid
        self.steps = steps
        self.known = known
        self.now = ONE
        self.saved: list[tuple[Slots, Slots | None]] = []
        self.todo: list[Task] = []

    def through(self, root: Node) -> Slots:
        """The distribution of a node that is worked out by itself, found without recursion."""
        self.todo = list(reversed(self._opened(root, 1)))
        while self.todo:
            method, *arguments = self.todo.pop()
            method(*arguments)
            self.passing.tasks += 1
        return self.now

    def _node(self, node: Node, times: int) -> None:
        """Passes through a node that counts several times, in the way that costs least."""
        table = self.passing.tables[node.order]
        shifts = self.passing.shifts[node.order]
        if table is not None and (len(table) <= shifts or shifts > self.passing.most):
            self._table(table, times)
        elif shifts <= self.passing.most:
            self.todo.extend(reversed(self._opened(node, times)))
        else:
            stride = times * self.steps[node.order] // self.grid.step
            self.now = self.grid.multiplied(self.now, self.known[node.order], times, stride)

    def _table(self, table: Table, times: int) -> None:
        if len(table) > 1:
            self.now = self.grid.passed(self.now, table, times)
        elif table[0] > 1:
            self._count(table[0])

    def _count(self, count: int) -> None:
        self.now = self.grid.counted(self.now, count)

    def _opened(self, node: Node, times: int) -> list[Task]:
        """What there is to do to pass through a node."""
        if type(node) is not Union:
            parts = [part for part in node.parts if part.times]  # type: ignore[union-attr]
            count = 1
            for part in node.parts:  # type: ignore[union-attr]
                count *= 1 if part.times else part.node.count
            parts.sort(key=self._turn)
            tasks: list[Task] = [(self._node, part.node, times * part.times) for part in parts]
            return [*tasks, (self._count, count)] if count > 1 else tasks
        least = self.passing.spans[node.order].least
        tasks = [(self._begin,)]
        for option in node.options:
            above = self.passing.spans[option.order].least - least
            tasks += [(self._enter, times * above), (self._node, option, times), (self._leave,)]
        return [*tasks, (self._end,)]

    def _turn(self, part: Part) -> tuple[bool, int]:
        """When a part is passed: multiplying comes first, as what is multiplied is small then; of
        others the narrowest, so that the distribution stays short."""
        span = self.passing.spans[part.node.order]
        return not self.passing.is_apart(part.node), part.times * (span.largest - span.least)

    def _begin(self) -> None:
        self.saved.append((self.now, None))

    def _enter(self, above: int) -> None:
        before = self.saved[-1][0]
        self.now = before._replace(rest=before.rest + above)

    def _leave(self) -> None:
        before, so_far = self.saved[-1]
        total = self.now if so_far is None else self.grid.either(so_far, self.now)
        self.saved[-1] = (before, total)

    def _end(self) -> None:
        found = self.saved.pop()[1]
        assert found is not None, "a union has options"
        self.now = found


def most_shifts(wide: int) -> int:
    """How many shifts of so many bytes cost no more than one multiplication, as measured."""
    return max(256, 4 * isqrt(wide))


def steps(nodes: list[Node], spans: list[Span]) -> list[int]:
    """For each node the largest step between totals that all its totals lie on; 0 where all are
    the same."""
    found: list[int] = []
    for node in nodes:
        if type(node) is Union:
            least = spans[node.order].least
            inner = [gcd(found[o.order], spans[o.order].least - least) for o in node.options]
        else:
            inner = [part.times * found[part.node.order] for part in node.parts]  # type: ignore[union-attr]
        found.append(gcd(*inner))
    return found


def _counting(node: Product) -> list[Node]:
    return [part.node for part in node.parts if part.times]


def _shifts(nodes: list[Node], tables: list[Table | None], most: int) -> list[int]:
    """For each node how many shifts it takes to pass through it, counted up to ``most``."""
    found: list[int] = []
    for node in nodes:
        if type(node) is Union:
            inner = [max(1, found[option.order]) for option in node.options]
        else:
            inner = [found[below.order] for below in _counting(node)]  # type: ignore[arg-type]
        shifts = sum(inner)
        table = tables[node.order]
        found.append(min(shifts, most if table is None else len(table)))
    return found
