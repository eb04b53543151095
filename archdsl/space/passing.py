"""Passing distributions through a diagram, so that the totals of what is passed are added.

A distribution tells how many designs have each total. Passing {0: 1, 3: 2} through a part with
{0: 1, 5: 1} adds it to itself, shifted by 5: {0: 1, 3: 2, 5: 1, 8: 2}, the distribution of a
product of the two.
"""

from __future__ import annotations

from math import gcd, isqrt
from typing import TYPE_CHECKING, Any

from archdsl.space.diagram import Union
from archdsl.space.slots import ONE, OVERHEAD, product_work

if TYPE_CHECKING:
    from archdsl.space.bounds import Ends
    from archdsl.space.diagram import Node, Part, Product
    from archdsl.space.slots import Grid, Slots, Table

MOST_SHIFTS = 2_000  # so many are never done where one multiplication would do
SHORT = 64  # totals of a table that is passed as it is; longer ones are laid out in slots once

Task = tuple[Any, ...]  # a method and its arguments


class Passing:
    """The distributions of all nodes of a diagram but the small ones, which have short tables.

    That of a product is found by passing the one of its first part through the others, one after
    another. A small part takes a shift for each of its totals. A large one is opened: what is
    passed goes through the small parts inside it, in each of its options. Where that comes to more
    shifts than one multiplication is worth, what is passed is multiplied by the distribution of the
    large part, which is worked out once.
    """

    def __init__(self, nodes: list[Node], ends: list[Ends], tables: list[Table | None]) -> None:
        self.nodes = nodes
        self.ends = ends
        self.tables = tables
        self.shifts = _shifts(nodes, tables)
        self.needed = self._needed()
        self.tasks = 0  # done so far

    def _needed(self) -> list[int]:
        """For each node how many nodes need its distribution; 0 for those with short tables."""
        needed = [0] * len(self.nodes)
        needed[-1] = 1
        for node in reversed(self.nodes):
            if needed[node.order]:
                for inner in self._used(node):
                    needed[inner.order] += 1
        return needed

    def _used(self, node: Node) -> list[Node]:
        """The nodes whose distributions are used for that of a node."""
        tables = self.tables
        if tables[node.order] is not None:
            return []
        return [n for n in _inside(node) if len(tables[n.order] or range(SHORT + 1)) > SHORT]

    def work(self, steps: list[int], size: int) -> int:
        """About how many bytes are moved to work out the root's distribution, with counts of so
        many bytes."""
        total = 0
        for node in self.nodes:
            if self.needed[node.order]:
                wide = self._wide(node, steps) * size
                most = 1 + 4 * isqrt(wide)
                shifts = [min(most, self.shifts[inner.order]) for inner in _inside(node)]
                if type(node) is Union:
                    shifts = [1] * len(shifts)
                number = 1 + sum(shifts) - max(shifts, default=0)  # the first is free
                total += number * (wide + OVERHEAD)
        return total

    def _wide(self, node: Node, steps: list[int]) -> int:
        ends = self.ends[node.order]
        return (ends.largest - ends.least) // steps[node.order] + 1

    def worked_out(self, grid: Grid, steps: list[int]) -> Slots:
        """The distribution of the root, above its least total. ``steps`` are those of each node."""
        known: dict[int, Slots] = {}
        needed = list(self.needed)
        for node in self.nodes:
            if not needed[node.order]:
                continue
            grid.step = steps[node.order]
            table = self.tables[node.order]
            if table is not None:
                found = grid.passed(ONE, table, 1)
            else:
                found = _Running(self, grid, steps, known).through(node)
            known[node.order] = found
            grid.keep(found)
            for inner in self._used(node):
                needed[inner.order] -= 1
                if not needed[inner.order]:
                    grid.keep(known.pop(inner.order), -1)
        return known[self.nodes[-1].order]


class _Running:
    """One distribution, ``now``, on its way. ``todo`` is a stack of what is left to do with it,
    instead of recursion. ``saved`` holds for each union that it is in what went in, and what has
    come out of each option so far."""

    def __init__(
        self, passing: Passing, grid: Grid, steps: list[int], known: dict[int, Slots]
    ) -> None:
        self.passing = passing
        self.grid = grid
        self.steps = steps
        self.known = known
        self.now = ONE
        self.saved: list[tuple[Slots, list[Slots]]] = []
        self.todo: list[Task] = []

    def through(self, root: Node) -> Slots:
        """The distribution of a node, found without recursion."""
        self._open(root, 1)
        while self.todo:
            method, *arguments = self.todo.pop()
            method(*arguments)
            self.passing.tasks += 1
        return self.now

    def _node(self, node: Node, times: int) -> None:
        """Passes through a node that counts several times, in the way that costs least."""
        table = self.passing.tables[node.order]
        shifts = self.passing.shifts[node.order]
        known = self.known.get(node.order)
        if known is not None and self._is_multiplied(known, shifts):
            stride = times * self.steps[node.order] // self.grid.step
            self.now = self.grid.multiplied(self.now, known, times, stride)
        elif table is not None and (len(table) <= shifts or self.now.packed == 1):
            self._table(table, times)
        else:
            self._open(node, times)

    def _is_multiplied(self, known: Slots, shifts: int) -> bool:
        if self.now.packed == 1 or shifts >= MOST_SHIFTS:
            return True
        first, second = self.now.packed.bit_length() // 8, known.packed.bit_length() // 8
        return product_work(first, second) < shifts * (first + second)

    def _table(self, table: Table, times: int) -> None:
        if len(table) > 1:
            self.now = self.grid.passed(self.now, table, times)
        elif table[0] > 1:
            self._count(table[0])

    def _count(self, count: int) -> None:
        self.now = self.grid.counted(self.now, count)

    def _open(self, node: Node, times: int) -> None:
        """Passes through what a node is made of."""
        tasks = self._options(node, times) if type(node) is Union else self._parts(node, times)  # type: ignore[arg-type]
        self.todo.extend(reversed(tasks))

    def _parts(self, node: Product, times: int) -> list[Task]:
        tasks: list[Task] = []
        count = 1
        for part in self._in_turn(node):
            if part.times:
                tasks.append((self._node, part.node, times * part.times))
            else:
                count *= part.node.count
        return [*tasks, (self._count, count)] if count > 1 else tasks

    def _in_turn(self, node: Product) -> list[Part]:
        """The part of most shifts first, for what comes first takes none; then the narrowest, so
        that the distribution stays short."""
        shifts = self.passing.shifts
        parts = sorted(node.parts, key=self._width)
        parts.sort(key=lambda part: -shifts[part.node.order])
        return parts[:1] + sorted(parts[1:], key=self._width)

    def _width(self, part: Part) -> int:
        ends = self.passing.ends[part.node.order]
        return part.times * (ends.largest - ends.least)

    def _options(self, node: Union, times: int) -> list[Task]:
        least = self.passing.ends[node.order].least
        tasks: list[Task] = [(self._begin,)]
        for option in node.options:
            above = self.passing.ends[option.order].least - least
            tasks += [(self._enter, times * above), (self._node, option, times), (self._leave,)]
        return [*tasks, (self._end,)]

    def _begin(self) -> None:
        self.saved.append((self.now, []))

    def _enter(self, above: int) -> None:
        before = self.saved[-1][0]
        self.now = before._replace(rest=before.rest + above)

    def _leave(self) -> None:
        self.saved[-1][1].append(self.now)

    def _end(self) -> None:
        self.now = self.grid.either(self.saved.pop()[1])


def steps(nodes: list[Node], ends: list[Ends]) -> list[int]:
    """For each node the largest step between totals that all its totals lie on; 0 where all are
    the same."""
    found: list[int] = []
    for node in nodes:
        if type(node) is Union:
            least = ends[node.order].least
            inner = [gcd(found[o.order], ends[o.order].least - least) for o in node.options]
        else:
            inner = [part.times * found[part.node.order] for part in node.parts]  # type: ignore[union-attr]
        found.append(gcd(*inner))
    return found


def _inside(node: Node) -> list[Node]:
    """The nodes that a node's totals are made of."""
    if type(node) is Union:
        return list(node.options)
    return [part.node for part in node.parts if part.times]  # type: ignore[union-attr]


def _shifts(nodes: list[Node], tables: list[Table | None]) -> list[int]:
    """For each node how many shifts it takes to pass through it, up to ``MOST_SHIFTS``."""
    found: list[int] = []
    for node in nodes:
        inner = [found[below.order] for below in _inside(node)]
        shifts = sum([max(1, n) for n in inner]) if type(node) is Union else sum(inner)
        table = tables[node.order]
        found.append(min(shifts, MOST_SHIFTS if table is None else len(table)))
    return found
