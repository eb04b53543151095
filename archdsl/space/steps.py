"""One large node of a diagram as a step over arrays: what many designs do there at once.

``come`` tells the designs that come to a node what they meet there, and sends them on to the large
nodes inside it; ``add`` gives their amounts once those of the nodes inside are known; ``ranked``
says of one of them, from what was met, which rank it has.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from archdsl.space.arrays import numpy
from archdsl.space.tables import slots
from archdsl.space.thresholds import Thresholds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.space.diagram import Node, Product
    from archdsl.space.tables import Array, Slot, Tables

# a large node, which of the designs that come to it, what its rank counts
Way = tuple[int, int, int]
PartOfRank = tuple[int, list[Way]]  # a rank as far as it is known here, and where the rest of it is


class Draw(Protocol):
    """Designs being drawn, as a step sees them (archdsl.space.levels)."""

    width: int
    kind: str
    random: Any

    def send(self, step: int, number: int) -> int: ...

    def amounts_of(self, step: int) -> Array: ...

    def rows(self, table: Array, number: int, drawn: dict[int, Array], key: int) -> Array: ...


class Large(NamedTuple):
    """A large part of a product: the number of its step, how often it is paid, and where its rank
    stands in that of the product."""

    step: int
    times: int
    slot: Slot


class Met(NamedTuple):
    """What designs met at a step. ``first`` tells for each large node inside which of the designs
    that come to it is the first of these; ``drawn`` which rows of each table, where recorded.
    Those of a union are put in ``order`` by the alternative ``taken``; ``starts`` are where those
    of each one begin in it."""

    first: dict[int, int]
    drawn: dict[int, Array]
    taken: Array = None
    order: Array = None
    starts: Array = None


class Adding:
    """A large product: its parts are drawn independently, and their amounts are added. Of its
    small parts several share one table where that is small, too."""

    def __init__(self, node: Product, tables: Tables, numbers: Mapping[int, int]) -> None:
        self.own = node.amounts
        self.tables: list[Array] = []
        self.slots: list[list[Slot]] = []  # of the parts that share a table
        self.large: list[Large] = []
        group: list[tuple[Node, int]] = []
        places: list[Slot] = []
        rows = 1
        for part, slot in zip(node.parts, slots(node), strict=True):
            if not tables.has(part.node):
                self.large.append(Large(numbers[id(part.node)], part.times, slot))
                continue
            if rows * slot.size > max(tables.largest_together(), slot.size):
                self._share(tables, group, places)
                group, places, rows = [], [], 1
            group.append((part.node, part.times))
            places.append(slot)
            rows *= slot.size
        self._share(tables, group, places)

    def _share(self, tables: Tables, group: list[tuple[Node, int]], places: list[Slot]) -> None:
        if group:
            self.tables.append(tables.together(tuple(group)))
            self.slots.append(places)

    @property
    def inside(self) -> list[int]:
        """The steps that it sends designs to."""
        return [part.step for part in self.large]

    def come(self, draw: Draw, number: int) -> Met:
        first = {index: draw.send(part.step, number) for index, part in enumerate(self.large)}
        return Met(first, {})

    def add(self, draw: Draw, met: Met, number: int) -> Array:
        np = numpy()
        total = np.empty((number, len(self.own)), dtype=draw.kind)
        total[:] = np.array(self.own, dtype=draw.kind)
        for index, table in enumerate(self.tables):
            total += draw.rows(table, number, met.drawn, index)
        for index, part in enumerate(self.large):
            first = met.first[index]
            amounts = draw.amounts_of(part.step)[first : first + number]
            total += amounts if part.times == 1 else part.times * amounts
        return total

    def ranked(self, met: Met, place: int) -> PartOfRank:
        rank = 0
        for index, places in enumerate(self.slots):
            row = int(met.drawn[index][place])
            for slot in reversed(places):
                row, inside = divmod(row, slot.size)
                rank += slot.stride * inside
        return rank, [
            (part.step, met.first[index] + place, part.slot.stride)
            for index, part in enumerate(self.large)
        ]


class Parting:
    """A large union: designs are parted by the alternative they take. Small alternatives that
    follow each other share one table, where ``shared`` allows it."""

    def __init__(
        self,
        options: Sequence[Node],
        tables: Tables,
        numbers: Mapping[int, int],
        shared: bool = True,
    ) -> None:
        self.branches: list[Array | int] = []  # a table, or the number of a step
        counts: list[int] = []
        group: list[Node] = []
        rows = 0
        for option in options:
            fits = shared and rows + option.count <= tables.largest_together()
            if not (fits and tables.has(option)):
                self._share(tables, group, counts)
                group, rows = [], 0
            if tables.has(option):
                group.append(option)
                rows += option.count
            else:
                self.branches.append(numbers[id(option)])
                counts.append(option.count)
        self._share(tables, group, counts)
        self.bases = list(accumulate(counts[:-1], initial=0))
        self.thresholds = Thresholds(counts)

    def _share(self, tables: Tables, group: list[Node], counts: list[int]) -> None:
        if group:
            self.branches.append(tables.below(group))
            counts.append(sum(node.count for node in group))

    @property
    def inside(self) -> list[int]:
        """The steps that it sends designs to."""
        return [branch for branch in self.branches if type(branch) is int]

    def come(self, draw: Draw, number: int) -> Met:
        np = numpy()
        taken = self.thresholds.draw(number, draw.random)
        sizes = np.bincount(taken, minlength=len(self.branches))
        starts = np.concatenate([[0], np.cumsum(sizes)])
        first = {
            int(index): draw.send(branch, int(sizes[index]))
            for index in np.flatnonzero(sizes)
            if type(branch := self.branches[index]) is int
        }
        return Met(first, {}, taken, np.argsort(taken, kind="stable"), starts)

    def add(self, draw: Draw, met: Met, number: int) -> Array:
        np = numpy()
        total = np.empty((number, draw.width), dtype=draw.kind)
        for index in map(int, np.flatnonzero(np.diff(met.starts))):
            start, end = met.starts[index], met.starts[index + 1]
            branch = self.branches[index]
            if type(branch) is int:
                first = met.first[index]
                amounts = draw.amounts_of(branch)[first : first + end - start]
            else:
                amounts = draw.rows(branch, end - start, met.drawn, index)
            total[met.order[start:end]] = amounts
        return total

    def ranked(self, met: Met, place: int) -> PartOfRank:
        np = numpy()
        sorted_place = int(np.flatnonzero(met.order == place)[0])
        index = int(met.taken[place])
        where = sorted_place - int(met.starts[index])
        base, branch = self.bases[index], self.branches[index]
        if type(branch) is int:
            return base, [(branch, met.first[index] + where, 1)]
        return base + int(met.drawn[index][where]), []
