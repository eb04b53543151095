"""Numbers that stand at the places of a tensor, taken through what ops read.

An abstract interpretation: the input's positions get marks, and each place of each result the
largest mark among all that it reads, by what the ops declare (:mod:`archdsl.ops.reads`). Marks are
kept only along the axes where they differ, and what happened once is remembered, so that it is
linear in the ops and takes little more for a thousand equal layers than for one.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product
from math import prod
from operator import le
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.ops.reads import All, Laid, Own, Reads, Together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.ops.reads import Along

    Sizes = tuple[int, ...]

NONE = -1  # the mark of a place that reads none
WORK = 8_000_000  # marks that are looked at for one design


class TooMuch(Exception):
    """A design has too many places to follow."""


class Marks(NamedTuple):
    """The marks of a tensor: row by row along ``axes``, the same along all others."""

    axes: tuple[int, ...]
    at: Sequence[int]

    def along(self, axis: int, sizes: Sizes) -> list[int]:
        """The largest mark at each place along one axis of a tensor of such sizes."""
        if self.axes == (axis,):
            return list(self.at)
        if axis not in self.axes:
            return [max(self.at)] * sizes[axis]
        found = [NONE] * sizes[axis]
        where = self.axes.index(axis)
        for place, mark in zip(
            product(*(range(sizes[k]) for k in self.axes)), self.at, strict=True
        ):
            found[place[where]] = max(found[place[where]], mark)
        return found


class Tracing:
    """What ops make of marks, each thing worked out once."""

    def __init__(self, training: bool = False) -> None:
        self._training = training
        self._known: dict[Any, Marks] = {}
        self._same: dict[Marks, Marks] = {}
        self._left = WORK

    def kept(self, marks: Marks) -> Marks:
        """The one object that stands for equal marks."""
        return self._same.setdefault(marks, marks)

    def through(
        self, reads: tuple[Reads | Laid, ...], inputs: list[Marks], sizes: list[Sizes], out: Sizes
    ) -> Marks:
        """The marks of a result. Raises :class:`TooMuch`."""
        found: Marks | None = None
        for one in reads:
            marks, size = inputs[one.source], sizes[one.source]
            key = (id(marks), one, size, out)
            if key not in self._known:
                taken = self._laid if isinstance(one, Laid) else self._read
                self._known[key] = self.kept(taken(marks, one, size, out))  # type: ignore[arg-type]
            found = self._known[key] if found is None else self.joined(found, self._known[key], out)
        assert found is not None
        return found

    def joined(self, one: Marks, other: Marks, sizes: Sizes) -> Marks:
        """The larger mark at each place."""
        if one is other:
            return one
        key = (id(one), id(other), sizes)
        if key not in self._known:
            axes = tuple(sorted({*one.axes, *other.axes}))
            a, b = self.spread(one, axes, sizes).at, self.spread(other, axes, sizes).at
            self._known[key] = self.kept(_tidy(axes, list(map(max, a, b))))
        return self._known[key]

    def _read(self, marks: Marks, reads: Reads, sizes: Sizes, out: Sizes) -> Marks:
        for axis, (to, along) in enumerate(reads.axes):
            told = along.in_training() if self._training else along
            count = 1 if to is None else out[to]
            marks = self._along(marks, axis, told, sizes, count)
            sizes = (*sizes[:axis], count, *sizes[axis + 1 :])
        ends = [axis for axis in marks.axes if reads.axes[axis].to is None]
        kept = [axis for axis in marks.axes if axis not in ends]  # an axis that ends has one place
        return self._met(Marks(tuple(reads.axes[axis].to or 0 for axis in kept), marks.at), out)

    def _met(self, marks: Marks, sizes: Sizes) -> Marks:
        """Where two axes became one, what stands at the same place along both."""
        axes = tuple(dict.fromkeys(marks.axes))
        if len(axes) == len(marks.axes):
            return marks
        found = list[int]()
        for place in product(*(range(sizes[axis]) for axis in axes)):
            at = 0
            for axis in marks.axes:
                at = at * sizes[axis] + place[axes.index(axis)]
            found.append(marks.at[at])
        self._count(len(found))
        return _tidy(axes, found)

    def _along(self, marks: Marks, axis: int, along: Along, sizes: Sizes, count: int) -> Marks:
        size = sizes[axis]
        if isinstance(along, Own):
            return marks
        if axis not in marks.axes:
            if self._reads_everywhere(along, size, count):
                return marks
            marks = self.spread(marks, tuple(sorted((*marks.axes, axis))), sizes)
        extents = [sizes[k] for k in marks.axes]
        where = marks.axes.index(axis)
        outer, inner = prod(extents[:where]), prod(extents[where + 1 :])
        if isinstance(along, (All, Together)):
            at = self._all(marks.at, outer, size, inner)
            return _tidy(tuple(k for k in marks.axes if k != axis), at)
        if outer == inner == 1:
            return _tidy(marks.axes, self._row(marks.at, along, size, count))
        at = list[int]()
        for block in _blocks(marks.at, outer):
            rows = [self._row(block[i::inner], along, size, count) for i in range(inner)]
            at.extend(row[place] for place in range(count) for row in rows)
        return _tidy(marks.axes, at)

    def _all(self, at: Sequence[int], outer: int, size: int, inner: int) -> list[int]:
        self._count(outer * size * inner)
        block = size * inner
        return [
            max(at[o * block + i : (o + 1) * block : inner])
            for o in range(outer)
            for i in range(inner)
        ]

    def _row(self, at: Sequence[int], along: Along, size: int, count: int) -> Sequence[int]:
        """Of marks in a row; where they ascend, the last one that is read is the largest."""
        self._count(size + count)
        if all(map(le, at, islice(at, 1, None))):
            return [NONE if k < 0 else at[k] for k in _last(along, size, count)]
        found = []
        for place in range(count):
            read = along.at(place, size)
            self._count(len(read))
            found.append(max((at[k] for k in read), default=NONE))
        return found

    def _reads_everywhere(self, along: Along, size: int, count: int) -> bool:
        if isinstance(along, (All, Together)):
            return size > 0
        self._count(count)
        return _read_everywhere(along, size, count)

    def spread(self, marks: Marks, axes: tuple[int, ...], sizes: Sizes) -> Marks:
        """The same marks, told along further axes."""
        if marks.axes == axes:
            return marks
        self._count(prod(sizes[axis] for axis in axes))
        steps, step = dict.fromkeys(axes, 0), 1
        for axis in reversed(marks.axes):
            steps[axis], step = step, step * sizes[axis]
        places = [0]
        for axis in axes:
            places = [p + k * steps[axis] for p in places for k in range(sizes[axis])]
        return Marks(axes, [marks.at[p] for p in places])

    def _laid(self, marks: Marks, laid: Laid, sizes: Sizes, out: Sizes) -> Marks:
        split = self._cut(marks, sizes, laid.sizes)
        turned = self._turned(split, laid)
        return self._cut(turned, tuple(laid.sizes[k] for k in laid.order), out)

    def _cut(self, marks: Marks, sizes: Sizes, into: Sizes) -> Marks:
        """The same numbers under other sizes: sizes whose products agree are told together."""
        together = groups(sizes, into)
        for taken, given in together:
            varies = any(axis in taken for axis in marks.axes)
            if varies and (len(taken) != 1 or len(given) != 1):
                marks = self.spread(marks, tuple(sorted({*marks.axes, *taken})), sizes)
        varying = [given for taken, given in together if any(k in taken for k in marks.axes)]
        return _tidy(tuple(axis for given in varying for axis in given), marks.at)

    def _turned(self, marks: Marks, laid: Laid) -> Marks:
        axes = tuple(sorted(laid.order.index(axis) for axis in marks.axes))
        old = tuple(laid.order[axis] for axis in axes)
        if old == marks.axes:
            return Marks(axes, marks.at)
        self._count(len(marks.at))
        steps, step = {}, 1
        for axis in reversed(marks.axes):
            steps[axis], step = step, step * laid.sizes[axis]
        places = [0]
        for axis in old:
            places = [p + k * steps[axis] for p in places for k in range(laid.sizes[axis])]
        return Marks(axes, [marks.at[p] for p in places])

    def _count(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise TooMuch


def _blocks(at: Sequence[int], count: int) -> list[Sequence[int]]:
    """Marks in so many equal parts."""
    size = len(at) // count
    return [at[k * size : (k + 1) * size] for k in range(count)]


def _tidy(axes: tuple[int, ...], at: Sequence[int]) -> Marks:
    """Marks that can be looked up: a tuple, or what counts up as the range that it is."""
    if isinstance(at, (tuple, range)):
        return Marks(axes, at)
    row = tuple(at)
    if row and row[-1] - row[0] == len(row) - 1 and row == tuple(range(row[0], row[-1] + 1)):
        return Marks(axes, range(row[0], row[-1] + 1))
    return Marks(axes, row)


def groups(sizes: Sizes, into: Sizes) -> list[tuple[list[int], list[int]]]:
    """The axes of two shapes of equally many numbers, in the smallest groups whose products are
    the same: ``(4, 6)`` and ``(4, 2, 3)`` agree in the first axis, and in the others."""
    found, i, j = list[tuple[list[int], list[int]]](), 0, 0
    while i < len(sizes) or j < len(into):
        taken, given = list(range(i, min(i + 1, len(sizes)))), list(range(j, min(j + 1, len(into))))
        while prod(sizes[k] for k in taken) != prod(into[k] for k in given):
            if prod(sizes[k] for k in taken) < prod(into[k] for k in given):
                taken.append(taken[-1] + 1 if taken else i)
            else:
                given.append(given[-1] + 1 if given else j)
        found.append((taken, given))
        i, j = i + len(taken), j + len(given)
    return found


@lru_cache(maxsize=256)
def _last(along: Along, size: int, count: int) -> tuple[int, ...]:
    """The last place that each place of a result reads, or -1."""
    return tuple(read[-1] if read else -1 for read in (along.at(k, size) for k in range(count)))


@lru_cache(maxsize=1024)
def _read_everywhere(along: Along, size: int, count: int) -> bool:
    return all(len(along.at(place, size)) for place in range(count))
