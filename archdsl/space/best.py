"""The best designs by a total, one after another, each proven to be the next.

This is the lazy algorithm 3 of Huang and Chiang, "Better k-best parsing", IWPT 2005, over a
diagram: each node hands out its designs in order, and works out the next one only when it is asked
for. A union merges what its options hand out. A product pairs its parts, two and two: the pair
after (i, j) is one of those next to pairs handed out before.

The order is by total, then by rank, so it is the same every time and no design comes twice. K
designs take time and memory in proportion to K, times the steps from the root to the ends of the
diagram, and to begin with one step for each arc of the diagram.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from archdsl.space.bounds import Ranked, all_ends, own
from archdsl.space.diagram import Union, ordered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node, Product


def best(root: Node, weights: Weights, *, largest: bool = False) -> Iterator[Ranked]:
    """All designs, those of the least total first, or of the largest; equals in order of rank."""
    sign = -1 if largest else 1
    streams = _Streams(root, tuple(sign * weight for weight in weights))
    stream = streams.of(root)
    index = 0
    while _reached(stream, index):
        value, rank = stream.item(index)
        yield Ranked(sign * value, rank)
        index += 1


class _Stream:
    """Designs in order, found one by one."""

    def __init__(self) -> None:
        self.found: list[Ranked] = []
        self.ended = False

    def known(self, index: int) -> bool:
        """Whether it is clear which design has an index, or that there is none."""
        return self.ended or index < len(self.found)

    def has(self, index: int) -> bool:
        return index < len(self.found)

    def item(self, index: int) -> Ranked:
        return self.found[index]

    def step(self) -> tuple[_Stream, int] | None:
        """Finds the next design, or the end. Returns instead what has to be known before, if that
        is not known yet: an index of another stream."""
        raise NotImplementedError


def _reached(stream: _Stream, index: int) -> bool:
    """Whether a stream has an index, found out without recursion as diagrams may be deep."""
    stack = [(stream, index)]
    while stack:
        top, wanted = stack[-1]
        needed = None if top.known(wanted) else top.step()
        if needed is not None:
            stack.append(needed)
        elif top.known(wanted):
            stack.pop()
    return stream.has(index)


class _Streams:
    """The streams of the nodes of a diagram, each made when it is first asked for."""

    def __init__(self, root: Node, weights: Weights) -> None:
        nodes = ordered(root)
        found = all_ends(nodes, weights)
        self.weights = weights
        self.least = {id(node): ends.least for node, ends in zip(nodes, found, strict=True)}
        self.made: dict[int, _Stream] = {}

    def of(self, node: Node) -> _Stream:
        stream = self.made.get(id(node))
        if stream is None:
            stream = _Merged(node, self) if type(node) is Union else _Whole(node, self)  # type: ignore[arg-type]
            self.made[id(node)] = stream
        return stream


class _Free(_Stream):
    """Designs whose totals do not count: all are 0."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.ended = True
        self.count = count

    def has(self, index: int) -> bool:
        return index < self.count

    def item(self, index: int) -> Ranked:
        return Ranked(0, index)


class _Merged(_Stream):
    """The designs of a union. ``waiting`` holds for each option the total of its next design."""

    def __init__(self, node: Union, streams: _Streams) -> None:
        super().__init__()
        self.node = node
        self.streams = streams
        self.waiting = [(streams.least[id(o)], i, 0) for i, o in enumerate(node.options)]
        heapify(self.waiting)
        self.before = [0]
        for option in node.options:
            self.before.append(self.before[-1] + option.count)
        self.last: tuple[int, int] | None = None  # an option and the index that follows in it

    def step(self) -> tuple[_Stream, int] | None:
        if self.last is not None:
            option, index = self.last
            stream = self.streams.of(self.node.options[option])
            if not stream.known(index):
                return stream, index
            if stream.has(index):
                heappush(self.waiting, (stream.item(index).value, option, index))
            self.last = None
        if not self.waiting:
            self.ended = True
            return None
        value, option, index = self.waiting[0]
        stream = self.streams.of(self.node.options[option])
        if not stream.known(index):
            return stream, index
        heappop(self.waiting)
        self.found.append(Ranked(value, self.before[option] + stream.item(index).rank))
        self.last = (option, index + 1)
        return None


class _Pair(_Stream):
    """The designs of two streams, each of the first with each of the second. ``count`` is how many
    designs the second has, ``times`` how often the totals of both count."""

    def __init__(
        self, first: _Stream, second: _Stream, count: int, times: tuple[int, int] = (1, 1)
    ) -> None:
        super().__init__()
        self.first = first
        self.second = second
        self.count = count
        self.times = times
        self.waiting: list[tuple[int, int, int, int]] = []
        self.next = [(0, 0)]

    def step(self) -> tuple[_Stream, int] | None:
        while self.next:
            i, j = self.next[-1]
            if not self.first.known(i):
                return self.first, i
            if not self.second.known(j):
                return self.second, j
            self.next.pop()
            if self.first.has(i) and self.second.has(j):
                self._wait(i, j)
        if not self.waiting:
            self.ended = True
            return None
        value, rank, i, j = heappop(self.waiting)
        self.found.append(Ranked(value, rank))
        self.next = [(i, j + 1)] if j else [(i + 1, 0), (i, 1)]
        return None

    def _wait(self, i: int, j: int) -> None:
        first, second = self.first.item(i), self.second.item(j)
        value = self.times[0] * first.value + self.times[1] * second.value
        heappush(self.waiting, (value, first.rank * self.count + second.rank, i, j))


class _Whole(_Stream):
    """The designs of a product: its parts in pairs, pairs of pairs, and so on."""

    def __init__(self, node: Product, streams: _Streams) -> None:
        super().__init__()
        self.node = node
        self.streams = streams
        self.own = own(node, streams.weights)
        self.pairs: _Stream | None = None

    def step(self) -> tuple[_Stream, int] | None:
        if self.pairs is None:
            self.pairs = self._paired()
        index = len(self.found)
        if not self.pairs.known(index):
            return self.pairs, index
        if not self.pairs.has(index):
            self.ended = True
            return None
        value, rank = self.pairs.item(index)
        self.found.append(Ranked(self.own + value, rank))
        return None

    def _paired(self) -> _Stream:
        """A stream of the designs of all parts."""
        row = [(self._part(p.node, p.times), p.node.count, p.times) for p in self.node.parts]
        row = row or [(_Free(1), 1, 1)]
        while len(row) > 1 or row[0][2] > 1:
            if len(row) % 2:
                row.append((_Free(1), 1, 1))
            row = [
                (_Pair(first, second, count, (times, n)), before * count, 1)
                for (first, before, times), (second, count, n) in zip(
                    row[::2], row[1::2], strict=True
                )
            ]
        return row[0][0]

    def _part(self, node: Node, times: int) -> _Stream:
        return self.streams.of(node) if times else _Free(node.count)
