"""Stacks and rows measured, and put in place.

Each part knows how far it reaches to the left and to the right of its axis, and at which distance
from the axis the links that it has an end of pass its upper and lower border. So a stack can bend
what does not meet in the gaps between its parts, and lead what passes a part along a lane beside
it; nothing crosses a box.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from archdsl.pictures.layout.levels import Port
from archdsl.pictures.layout.series import Leaf, Row, Stack
from archdsl.pictures.layout.sheet import Point
from archdsl.pictures.layout.tracks import moves

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.pictures.layout.levels import Link, Node
    from archdsl.pictures.layout.series import Part

GAP = 20.0  # between parts of a stack
TRACK = 7.0  # between horizontal lines in a gap
ABOVE, BELOW = 7.0, 13.0  # of the lines in a gap
LANE = 11.0  # between vertical lines beside parts
COLUMN = 22.0  # between parts of a row
PORT_GAP = 11.0
ORIGIN = Point(0, 0)
DOMINANT = 3  # times as many boxes as all others together: then a row is around that column


class Shape(NamedTuple):
    """A node: how far it reaches to both sides of its axis and down, of that how much is the box
    itself, and where links pass its borders; none of these on the axis are told."""

    left: float
    right: float
    height: float
    box_height: float
    enters: dict[str, float]  # by tensor
    leaves: dict[str, float]
    beside: bool  # whether a link from beside may end at its side
    half: float = 0.0  # of the box itself


@dataclass
class Measured:
    """A part with its sizes. ``ins`` and ``outs`` are of the links that end and begin in it."""

    left: float
    right: float
    height: float
    ins: dict[int, float]
    outs: dict[int, float]
    weight: int


@dataclass
class Route:
    """How a link goes: bends at heights, each to another distance from the left."""

    start: Point = ORIGIN
    end: Point = ORIGIN
    bends: list[tuple[float, float]] = field(default_factory=list)
    side: Point | None = None  # where it ends when that is at a side

    def points(self) -> tuple[Point, ...]:
        """Point after point, none of them idle."""
        found = [self.start]
        for y, x in sorted(self.bends):
            if x != found[-1].x:
                found += [Point(found[-1].x, y), Point(x, y)]
        if self.side is not None:
            found += [Point(found[-1].x, self.side.y), self.side]
        else:
            found.append(Point(found[-1].x, self.end.y))
        return tuple(found)


class Plan:
    """The parts of a level, measured, and then placed around an axis."""

    def __init__(self, whole: Part, links: Sequence[Link], shape: Callable[[Node], Shape]) -> None:
        self.links = links
        self.shape = shape
        self.routes = [Route() for _ in links]
        self.places: dict[Node, Point] = {}  # the middle of the upper border
        self._starts: dict[Node, list[int]] = {}
        self._ends: dict[Node, list[int]] = {}
        for number, link in enumerate(links):
            self._starts.setdefault(link.start, []).append(number)
            self._ends.setdefault(link.end, []).append(number)
        self._stacks: dict[int, _StackPlan] = {}
        self._ordered: dict[int, list[Part]] = {}
        self._measured: dict[int, Measured] = {}
        self.whole = whole
        self.size = self.measure(whole)
        self.place(whole, 0.0, 0.0)
        self.ports = {node: at.x for node, at in self.places.items() if isinstance(node, Port)}

    def measure(self, part: Part) -> Measured:
        """The sizes of a part, with all inside."""
        if isinstance(part, Leaf):
            found = self._leaf(part)
        elif isinstance(part, Row):
            found = self._row(part)
        else:
            plan = self._stacks[id(part)] = _StackPlan(self, part)
            found = plan.measured
        self._measured[id(part)] = found
        return found

    def of(self, part: Part) -> Measured:
        return self._measured[id(part)]

    def _leaf(self, part: Leaf) -> Measured:
        shape, node = self.shape(part.node), part.node
        ins = {n: shape.enters.get(self.links[n].tensor, 0.0) for n in self._ends.get(node, ())}
        outs = {n: shape.leaves.get(self.links[n].tensor, 0.0) for n in self._starts.get(node, ())}
        weight = 0 if isinstance(node, Port) else 1
        return Measured(shape.left, shape.right, shape.height, ins, outs, weight)

    def _row(self, part: Row) -> Measured:
        measured = [(self.measure(column), column) for column in part.columns]
        measured.sort(key=lambda pair: self._wanted(pair[0]))
        self._ordered[id(part)] = [column for _, column in measured]
        columns = [one for one, _ in measured]
        axes = self._axes(columns)
        ins: dict[int, float] = {}
        outs: dict[int, float] = {}
        for axis, column in zip(axes, columns, strict=True):
            ins |= {n: x + axis for n, x in column.ins.items()}
            outs |= {n: x + axis for n, x in column.outs.items()}
        left = max(column.left - axis for axis, column in zip(axes, columns, strict=True))
        right = max(column.right + axis for axis, column in zip(axes, columns, strict=True))
        height = max(column.height for column in columns)
        return Measured(left, right, height, ins, outs, sum(c.weight for c in columns))

    def _wanted(self, column: Measured) -> float:
        """How far to the right the ports are that a column leads to, so that edges cross less."""
        xs = []
        for number in column.outs:
            link = self.links[number]
            if number not in column.ins:
                xs.append(self.shape(link.end).enters.get(link.tensor, 0.0))
        return sum(xs) / len(xs) if xs else 0.0

    def _axes(self, columns: list[Measured]) -> list[float]:
        """Where the axes of columns are, seen from that of their row."""
        axes, x = [], 0.0
        for column in columns:
            axes.append(x + column.left)
            x += column.left + column.right + COLUMN
        weights = [column.weight for column in columns]
        most = max(weights)
        middle = (axes[0] + axes[-1]) / 2
        if most > DOMINANT * (sum(weights) - most):
            middle = axes[weights.index(most)]
        return [axis - middle for axis in axes]

    def put(self, axis: float, top: float) -> None:
        """All of it put where its axis and its top are said to be."""
        for route in self.routes:
            route.bends.clear()
        self.place(self.whole, axis, top)

    def place(self, part: Part, axis: float, top: float) -> None:
        """A part with all inside put in place."""
        if isinstance(part, Leaf):
            self._place_leaf(part, axis, top)
        elif isinstance(part, Row):
            ordered = self._ordered[id(part)]
            axes = self._axes([self.of(column) for column in ordered])
            for column, beside in zip(ordered, axes, strict=True):
                self.place(column, axis + beside, top)
        else:
            self._stacks[id(part)].place(axis, top)

    def _place_leaf(self, part: Leaf, axis: float, top: float) -> None:
        self.places[part.node] = Point(axis, top)
        shape, here = self.shape(part.node), self.of(part)
        for number, x in here.ins.items():
            self.routes[number].end = Point(axis + x, top)
        for number, x in here.outs.items():
            self.routes[number].start = Point(axis + x, top + shape.box_height)


class _StackPlan:
    """A stack, measured: its gaps with the lines in them, and the lanes beside its parts."""

    def __init__(self, plan: Plan, stack: Stack) -> None:
        self.plan = plan
        self.parts = stack.parts
        self.sizes = [plan.measure(part) for part in stack.parts]
        last = len(self.parts)
        self.first: dict[int, int] = {}  # the part that a link begins in; -1 above all
        self.last: dict[int, int] = {}  # the part that it ends in; behind the last one below all
        for at, size in enumerate(self.sizes):
            self.first.update(dict.fromkeys(size.outs, at))
            self.last.update(dict.fromkeys(size.ins, at))
        ends = self.last
        self.numbers = [n for n in sorted({*self.first, *ends}) if self.first.get(n) != ends.get(n)]
        for number in self.numbers:
            self.first.setdefault(number, -1)
            ends.setdefault(number, last)
        self.left = max(size.left for size in self.sizes)
        self.right = max(size.right for size in self.sizes)
        self.lane: dict[int, float] = {}
        self._make_lanes()
        self.sides: dict[int, list[int]] = {}  # by part, the links that end at its side
        for number in sorted(self.lane, key=lambda n: (abs(self.lane[n]), n)):
            if self._ends_beside(number):
                self.sides.setdefault(self.last[number], []).append(number)
        self.near: dict[int, dict[int, None]] = {}  # by gap, the links that begin or end there
        for number in self.numbers:
            for gap in (self.first[number], self.last[number] - 1):
                self.near.setdefault(gap, {})[number] = None
        self.bends = [self._bends(gap) for gap in range(last - 1)]
        self.tracks = [moves(some, self._tensor) for some in self.bends]
        self.gaps = [self._height(gap) for gap in range(last - 1)]
        self.measured = self._measured()

    def _tensor(self, number: int) -> str:
        return self.plan.links[number].tensor

    def _measured(self) -> Measured:
        count = len(self.parts)
        ins = {n: self.lane.get(n, self._in(n)) for n in self.numbers if self.first[n] < 0}
        outs = {n: self.lane.get(n, self._out(n)) for n in self.numbers if self.last[n] == count}
        height = sum(size.height for size in self.sizes) + sum(self.gaps)
        weight = sum(size.weight for size in self.sizes)
        return Measured(self.left, self.right, height, ins, outs, weight)

    def _in(self, number: int) -> float:
        at = self.last[number]
        return self.sizes[at].ins[number] if at < len(self.sizes) else 0.0

    def _out(self, number: int) -> float:
        at = self.first[number]
        return self.sizes[at].outs[number] if at >= 0 else 0.0

    def _make_lanes(self) -> None:
        """A lane for each tensor that passes parts, the shortest ones innermost."""
        passing: dict[str, list[int]] = {}
        for number in self.numbers:
            if self.last[number] - self.first[number] > 1:
                passing.setdefault(self._tensor(number), []).append(number)
        spans = {
            t: (self.first[some[0]], max(self.last[n] for n in some)) for t, some in passing.items()
        }
        order = sorted(passing, key=lambda t: (spans[t][1] - spans[t][0], spans[t]))
        made: list[tuple[int, int, float]] = []  # of those on both sides: from, to, distance
        for tensor in order:
            some = passing[tensor]
            low, high = spans[tensor]
            is_left = self._is_left(some)
            sign = -1 if is_left else 1
            end = (
                high + 1
                if any(self._ends_beside(n) for n in some if self.last[n] == high)
                else high
            )
            reach = [s.left if is_left else s.right for s in self.sizes[low + 1 : end]]
            met = [abs(x) for a, b, x in made if a < high and low < b and (x < 0) == is_left]
            x = sign * (max([*reach, *met]) + LANE)
            made.append((low, high, x))
            self.lane.update(dict.fromkeys(some, x))
            self.left, self.right = max(self.left, -x), max(self.right, x)

    def _is_left(self, some: list[int]) -> bool:
        """Whether a lane is left of the parts: where what it leads to, or comes from, is there."""
        xs = [self._in(n) for n in some if not self._ends_beside(n)]
        xs += [self._out(n) for n in some]
        return sum(xs) < 0

    def _ends_beside(self, number: int) -> bool:
        at = self.last[number]
        part = self.parts[at] if at < len(self.parts) else None
        return isinstance(part, Leaf) and self.plan.shape(part.node).beside

    def _bends(self, gap: int) -> dict[int, tuple[float, float]]:
        """What has to move to the side in the gap behind a part: from where, and to where."""
        found = {}
        for n in self.near.get(gap, ()):
            begins = self.first[n] == gap
            start = self._out(n) if begins else self.lane.get(n, 0.0)
            end = self.lane[n] if n in self.lane and begins else self._in(n)
            is_beside = n in self.lane and self._ends_beside(n)
            if (is_beside and not begins) or start == end:
                continue
            found[n] = (start, end)
        return found

    def _height(self, gap: int) -> float:
        above, below = self.parts[gap], self.parts[gap + 1]
        least = GAP
        if _is_port(above) or _is_port(below):
            least = PORT_GAP
        if not self.bends[gap]:
            return least
        lines = max(line for some in self.tracks[gap].values() for line, _ in some)
        return max(least, ABOVE + lines * TRACK + BELOW)

    def place(self, axis: float, top: float) -> None:
        """All parts and bends put in place."""
        y = top
        for at, part in enumerate(self.parts):
            self.plan.place(part, axis, y)
            self._end_at_side(at, part, axis, y)
            y += self.sizes[at].height
            if at < len(self.gaps):
                for number, some in self.tracks[at].items():
                    lines = [(y + ABOVE + line * TRACK, axis + end) for line, end in some]
                    self.plan.routes[number].bends.extend(lines)
                y += self.gaps[at]

    def _end_at_side(self, at: int, part: Part, axis: float, y: float) -> None:
        """The links that end at the sides of a part, those of inner lanes above."""
        for is_left in (False, True):
            some = [n for n in self.sides.get(at, ()) if (self.lane[n] < 0) == is_left]
            for place, number in enumerate(some, 1):
                assert isinstance(part, Leaf)
                shape = self.plan.shape(part.node)
                half = -shape.half if is_left else shape.half
                end = Point(axis + half, y + shape.box_height * place / (len(some) + 1))
                self.plan.routes[number].side = end


def _is_port(part: Part) -> bool:
    nodes = part.columns if isinstance(part, Row) else (part,)
    return all(isinstance(one, Leaf) and isinstance(one.node, Port) for one in nodes)
