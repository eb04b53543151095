"""What stands above what, and what beside: the nodes of a level as stacks and rows.

A node that all others come before or after cuts what is around it in two: what is cut so stands in
a stack. What is not connected between two cuts stands side by side, in a row. An edge that only
shortens a longer way (a skip) has no say. What can be taken apart neither way is put into rows by
how far each node is from the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from archdsl.pictures.layout.levels import Port

if TYPE_CHECKING:
    from archdsl.pictures.layout.levels import Level, Node


@dataclass(frozen=True)
class Leaf:
    """One node."""

    node: Node


@dataclass(frozen=True)
class Stack:
    """Parts one above the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Row:
    """Parts beside each other."""

    columns: tuple[Part, ...]


Part = Leaf | Stack | Row


def arranged(level: Level) -> Part:
    """The nodes of a level, taken apart."""
    return _Arranging(level).whole()


class _Arranging:
    """Nodes are numbered in an order in which each stands behind those that it reads, and sets of
    them are the bits of a whole number."""

    def __init__(self, level: Level) -> None:
        nodes = level.nodes
        number = {node: place for place, node in enumerate(nodes)}
        before: list[set[int]] = [set() for _ in nodes]
        for link in level.links:
            before[number[link.end]].add(number[link.start])
        self.order = _sorted(before)
        place = {old: new for new, old in enumerate(self.order)}
        self.nodes = [nodes[old] for old in self.order]
        self.reads = [sorted(place[one] for one in before[old]) for old in self.order]
        self.above = [0] * len(nodes)  # all that lead to each
        for at, reads in enumerate(self.reads):
            for one in reads:
                self.above[at] |= self.above[one] | 1 << one
        self.below = [0] * len(nodes)
        for at in reversed(range(len(nodes))):
            for one in self.reads[at]:
                self.below[one] |= self.below[at] | 1 << at
        self.near = [self._nearest(at) for at in range(len(nodes))]

    def _nearest(self, at: int) -> list[int]:
        """Those that a node reads and that nothing else it reads comes behind."""
        reads = self.reads[at]
        passed = 0
        for one in reads:
            passed |= self.above[one]
        return [one for one in reads if not passed >> one & 1]

    def whole(self) -> Part:
        return self._side_by_side(list(range(len(self.nodes))))

    def _side_by_side(self, some: list[int]) -> Part:
        columns = [self._stacked(column) for column in self._connected(some)]
        return columns[0] if len(columns) == 1 else Row(tuple(columns))

    def _connected(self, some: list[int]) -> list[list[int]]:
        """Nodes in groups that nothing leads between."""
        group = {one: one for one in some}

        def root(one: int) -> int:
            while group[one] != one:
                group[one] = group[group[one]]
                one = group[one]
            return one

        for one in some:
            for other in self.near[one]:
                if other in group:
                    group[root(one)] = root(other)
        found: dict[int, list[int]] = {}
        for one in some:
            found.setdefault(root(one), []).append(one)
        return list(found.values())

    def _stacked(self, some: list[int]) -> Part:
        """Nodes that are connected: cut where that is possible."""
        if len(some) == 1:
            return Leaf(self.nodes[some[0]])
        bits = sum(1 << one for one in some)
        cuts = [
            one for one in some if ((self.above[one] | self.below[one]) & bits) | 1 << one == bits
        ]
        if not cuts:
            return self._in_rows(some)
        parts: list[Part] = []
        rest = some
        for cut in cuts:
            before = [one for one in rest if self.below[one] >> cut & 1]
            rest = [one for one in rest if self.above[one] >> cut & 1]
            parts += self._between(before)
            parts.append(Leaf(self.nodes[cut]))
        parts += self._between(rest)
        return Stack(tuple(parts))

    def _between(self, some: list[int]) -> list[Part]:
        """What stands between two cuts."""
        if not some:
            return []
        part = self._side_by_side(some)
        return list(part.parts) if isinstance(part, Stack) else [part]

    def _in_rows(self, some: list[int]) -> Part:
        """Nodes by how far they are from the beginning, near to those that read the same."""
        inside = set(some)
        far: dict[int, int] = {}
        for one in some:
            far[one] = max((far[r] + 1 for r in self.reads[one] if r in inside), default=0)
        last = max(far.values())
        far |= {one: last for one in some if self._leaves(one)}
        rows: list[list[int]] = [[] for _ in range(last + 1)]
        place: dict[int, float] = {}
        for one in some:
            rows[far[one]].append(one)
        for row in rows:
            wanted = {}
            for at, one in enumerate(row):
                read = [place[r] for r in self.reads[one] if r in place]
                wanted[one] = sum(read) / len(read) if read else float(at)
            row.sort(key=lambda one: (wanted[one], one))
            width = len(row)
            place.update((one, at - (width - 1) / 2) for at, one in enumerate(row))
        return Stack(tuple(self._row(row) for row in rows))

    def _leaves(self, one: int) -> bool:
        """Whether it is a port through which a tensor leaves: it stands below everything."""
        node = self.nodes[one]
        return isinstance(node, Port) and not node.enters

    def _row(self, row: list[int]) -> Part:
        leaves = tuple(Leaf(self.nodes[one]) for one in row)
        return leaves[0] if len(leaves) == 1 else Row(leaves)


def _sorted(before: list[set[int]]) -> list[int]:
    """Numbers so that each stands behind those before it, else in their order."""
    left = [len(some) for some in before]
    behind: list[list[int]] = [[] for _ in before]
    for one, some in enumerate(before):
        for other in some:
            behind[other].append(one)
    ready = [one for one, count in enumerate(left) if not count]
    heapify(ready)
    found: list[int] = []
    while ready:
        one = heappop(ready)
        found.append(one)
        for other in behind[one]:
            left[other] -= 1
            if not left[other]:
                heappush(ready, other)
    return found
