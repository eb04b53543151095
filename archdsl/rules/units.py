"""What becomes of a result when the positions of the input change places.

An abstract interpretation: each place of a tensor holds a unit, a position of the input that may
change places with the others, or none. As long as permuting the units does no more than permute
the places that hold them, no layer can tell in which order they came.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import types
from archdsl.ops.base import Trait
from archdsl.ops.reads import (
    All,
    Laid,
    Nearby,
    Neighbours,
    Own,
    OwnOrBatch,
    Reads,
    Together,
    channel,
)
from archdsl.rules.marks import Marks, Tracing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.nodes import OpNode
    from archdsl.ops.reads import Along, Axis

MOST = 262_144  # positions that are followed
NO_UNIT = -1
_SELF = (Own, OwnOrBatch)
_AMONG = (All, Together, Neighbours)


class Units(NamedTuple):
    """For each place along some axes, row by row: its class and its unit. Places of one class are
    computed alike; a place whose unit is -1 stays as it is. Along all other axes it is the same."""

    axes: tuple[int, ...]
    at: tuple[tuple[int, int], ...]

    @property
    def held(self) -> int:
        """How many units there are."""
        return len({unit for _, unit in self.at} - {NO_UNIT})


FREE = Units((), ((0, NO_UNIT),))  # the same whatever the order, and at every position
ORDERED = Units((NO_UNIT,), ())  # it may depend on the order


@lru_cache(maxsize=4)
def start(x: types.TensorType) -> Units:
    """Every position of an input as a unit; where these are too many to follow, nothing is said."""
    axes, count = _positions(x)
    return _grid(axes, count) if count <= MOST else ORDERED


@lru_cache(maxsize=4)
def fixed(x: types.TensorType) -> Units:
    """The positions of an input that stay in their order, each unlike the others."""
    axes, count = _positions(x)
    return _distinct(axes, types.shape(x)) if count <= MOST else ORDERED


def _positions(x: types.TensorType) -> tuple[tuple[int, ...], int]:
    """The axes of the positions, and how many there are."""
    sizes = types.shape(x)
    at = None if types.is_ids(x) else channel(x)
    axes = tuple(axis for axis in range(len(sizes)) if axis != at)
    return axes, prod(sizes[axis] for axis in axes)


def _grid(axes: tuple[int, ...], count: int) -> Units:
    return Units(axes, tuple((0, unit) for unit in range(count))) if count > 1 else FREE


class Permuting:
    """What ops make of units, each thing worked out once."""

    def __init__(self, patches: bool = False) -> None:
        """``patches``: positions may change places by whole windows that lie side by side."""
        self._patches = patches
        self._known: dict[Any, Units] = {}
        self._same: dict[Units, Units] = {}

    def kept(self, units: Units) -> Units:
        """The one object that stands for equal units."""
        return self._same.setdefault(units, units)

    def through(self, node: OpNode, reads: tuple[Reads | Laid, ...], inputs: list[Units]) -> Units:
        """The units of a result."""
        if Trait.STORED in node.op.traits:
            return self.kept(_stored(node.out))
        sizes = tuple(node.inputs)
        key = (reads, tuple(map(id, inputs)), sizes, node.out)
        if key not in self._known:
            self._known[key] = self.kept(self._through(reads, inputs, sizes, node.out))
        return self._known[key]

    def _through(
        self,
        reads: tuple[Reads | Laid, ...],
        inputs: list[Units],
        takes: tuple[types.TensorType, ...],
        out: types.TensorType,
    ) -> Units:
        given = out.parts[0] if isinstance(out, types.Outputs) else out
        found = FREE
        for one in reads:
            units, x = inputs[one.source], takes[one.source]
            if isinstance(one, Laid):
                taken = _laid(units, one, x, given)
            elif not one.makes_a_difference:
                taken = FREE if all(axis.along.alike for axis in one.axes) else ORDERED
            else:
                taken = self._read(units, one, x, given)
            found = _joined(found, taken, types.shape(given))
        return found

    def _read(
        self, units: Units, reads: Reads, x: types.TensorType, out: types.TensorType
    ) -> Units:
        if units == ORDERED or not units.held:
            return units if units == ORDERED else _unmoved(units, reads, x, types.shape(out))
        sizes = types.shape(x)
        told = [reads.axes[axis] for axis in units.axes]
        places = tuple(axis.to for axis in told if axis.to is not None)
        stays = len(places) == len(told)
        among = all(isinstance(axis.along, _AMONG) and axis.along.alike for axis in told)
        if stays and (among or all(_itself(axis.along) for axis in told)):
            return Units(places, units.at)
        if among and not places:
            return FREE
        cut = (_cut(axis.along, sizes[k]) for axis, k in zip(told, units.axes, strict=True))
        if self._patches and units == _grid(units.axes, len(units.at)) and all(cut):
            return _grid(places, prod(types.shape(out)[k] for k in places))
        if len(told) > 1:
            return ORDERED
        count = types.shape(out)[places[0]] if places else 1
        return _regrouped(units, told[0], sizes[units.axes[0]], count)


def _stored(out: types.TensorType) -> Units:
    """Of a learned tensor: each position is another one, wherever those of the input go."""
    sizes = types.shape(out)
    axes = tuple(k for k in range(len(sizes)) if k != channel(out))
    if prod(sizes[k] for k in axes) > MOST:
        return ORDERED
    return _distinct(axes, sizes)


def _itself(along: Along) -> bool:
    """Whether each place reads its own, by weights that all share."""
    own = isinstance(along, Nearby) and (along.kernel, along.stride, along.before) == (1, 1, 0)
    return own or (isinstance(along, _SELF) and along.alike)


def _cut(along: Along, size: int) -> bool:
    """Whether windows lie side by side and leave nothing out: patches, that may change places."""
    if not isinstance(along, Nearby) or along.before or (along.dilation > 1 and along.kernel > 1):
        return False
    return along.kernel == along.stride and size % along.stride == 0


def _unmoved(units: Units, reads: Reads, x: types.TensorType, out: tuple[int, ...]) -> Units:
    """Of an input that is the same in any order: how its positions differ among themselves."""
    at = channel(x) if not types.is_ids(x) else NO_UNIT
    rows: dict[int, list[Any] | None] = {}
    for axis, (to, along) in enumerate(reads.axes):
        if to is None or axis == at or out[to] == 1:
            continue
        own = _itself(along) or (isinstance(along, _AMONG) and along.alike)
        if not own:
            rows[to] = _differing(units, axis, along, types.shape(x)[axis], out[to])
        elif axis in units.axes:
            rows[to] = [kind for kind, _ in units.at] if len(units.axes) == 1 else None
    if len(rows) != 1 or None in rows.values():
        return _distinct(tuple(sorted(rows)), out)
    ((to, row),) = rows.items()
    kinds = [(kind, NO_UNIT) for kind in row or ()]
    return _sorted((to,), kinds, 0) if len(set(kinds)) > 1 else FREE


def _differing(units: Units, axis: int, along: Along, size: int, count: int) -> list[Any] | None:
    """What tells the places along an axis apart; None where each is another."""
    weights = [along.weights(place, size) for place in range(count)]
    if None in weights or (units.axes and units.axes != (axis,)):
        return None
    kinds = [kind for kind, _ in units.at] if units.axes else [0] * size
    read = ([kinds[k] for k in along.at(place, size)] for place in range(count))
    return [(tuple(w or ()), tuple(r)) for w, r in zip(weights, read, strict=True)]


def _distinct(axes: tuple[int, ...], sizes: tuple[int, ...]) -> Units:
    count = prod(sizes[axis] for axis in axes)
    return Units(axes, tuple((k, NO_UNIT) for k in range(count))) if axes else FREE


def _regrouped(units: Units, axis: Axis, size: int, count: int) -> Units:
    """The units of places that each read a few by weights that depend on their distance alone."""
    found = list[tuple[Any, int]]()
    for place in range(count):
        weights = axis.along.weights(place, size)
        if weights is None:
            return ORDERED
        read = [units.at[k] for k in axis.along.at(place, size)]
        held = {unit for _, unit in read} - {NO_UNIT}
        if len(held) > 1:
            if len(set(weights)) > 1 or len(read) < size:
                return ORDERED
            held = set()  # all of them, each as the others
        kinds = tuple((w, c, u == NO_UNIT) for w, (c, u) in zip(weights, read, strict=True))
        found.append((kinds, held.pop() if held else NO_UNIT))
    if axis.to is None:
        return FREE if found[0][1] == NO_UNIT else ORDERED
    return _sorted((axis.to,), found, units.held)


def _sorted(axes: tuple[int, ...], at: Iterable[tuple[Any, int]], count: int) -> Units:
    """Places with their classes numbered. Where a class does not hold each unit as often as every
    other, no place is there for some unit to go to."""
    numbers, seen = dict[Any, int](), Counter[tuple[Any, int]]()
    found = list[tuple[int, int]]()
    for kind, unit in at:
        seen[kind, unit] += 1
        own = (kind, seen[kind, unit]) if unit != NO_UNIT else (kind, 0)
        found.append((numbers.setdefault(own, len(numbers)), unit))
    held = Counter(kind for kind, unit in found if unit != NO_UNIT)
    if any(number != count for number in held.values()):
        return ORDERED
    return Units(axes, tuple(found))


def _joined(one: Units, other: Units, sizes: tuple[int, ...]) -> Units:
    """The units of places that read two inputs."""
    if ORDERED in (one, other):
        return ORDERED
    if one == other or not other.axes:
        return one
    if not one.axes:
        return other
    axes = tuple(sorted({*one.axes, *other.axes}))
    tracing = Tracing()
    a = tracing.spread(Marks(one.axes, range(len(one.at))), axes, sizes).at
    b = tracing.spread(Marks(other.axes, range(len(other.at))), axes, sizes).at
    found = list[tuple[Any, int]]()
    for (kind, unit), (kind2, unit2) in (
        (one.at[i], other.at[j]) for i, j in zip(a, b, strict=True)
    ):
        if NO_UNIT not in (unit, unit2) and unit != unit2:
            return ORDERED
        found.append(((kind, kind2, unit == NO_UNIT, unit2 == NO_UNIT), max(unit, unit2)))
    if not one.held and not other.held:
        return Units(axes, tuple((k, NO_UNIT) for k in range(len(found))))
    return _sorted(axes, found, max(one.held, other.held))


def _laid(units: Units, laid: Laid, x: types.TensorType, out: types.TensorType) -> Units:
    if units == ORDERED:
        return ORDERED
    sizes, given = types.shape(x), types.shape(out)
    tracing = Tracing()
    if not units.held:
        axes = tuple(sorted({*units.axes, channel(x)}))
        marks = Marks(axes, range(prod(sizes[axis] for axis in axes)))
        moved = tracing.through((laid._replace(source=0),), [tracing.kept(marks)], [sizes], given)
        return _distinct(
            tuple(a for a in moved.axes if a != channel(out) or a in units.axes), given
        )
    marks = tracing.kept(Marks(units.axes, range(len(units.at))))
    moved = tracing.through((laid._replace(source=0),), [marks], [sizes], given)
    seen, found = Counter[int](), list[tuple[Any, int]]()
    for place in moved.at:
        seen[place] += 1
        kind, unit = units.at[place]
        found.append(((kind, seen[place]), unit))
    return _along_one(_sorted(moved.axes, found, units.held), given)


def _along_one(units: Units, sizes: tuple[int, ...]) -> Units:
    """Units that lie along one of several axes told along that one."""
    if len(units.axes) < 2 or any(unit == NO_UNIT for _, unit in units.at):
        return units
    extents = [sizes[axis] for axis in units.axes]
    for number, axis in enumerate(units.axes):
        inner = prod(extents[number + 1 :])
        rows: dict[int, set[int]] = {}
        kinds: dict[int, set[int]] = {}
        for place, (kind, unit) in enumerate(units.at):
            at = place // inner % extents[number]
            rows.setdefault(at, set()).add(unit)
            beside = place % inner + place // (inner * extents[number]) * inner
            kinds.setdefault(beside, set()).add(kind)
        if all(len(one) == 1 for one in (*rows.values(), *kinds.values())):
            return _sorted(
                (axis,), [(0, rows[at].pop()) for at in range(extents[number])], units.held
            )
    return units
