"""Counts by value in slots: one long number holds them all.

Slot k of the number counts the designs of the k-th value. So a distribution is a polynomial at a
large power of two (Kronecker substitution): added values are multiplied numbers, and a choice
between few values is a few shifts and sums, at the speed of memory and exact at any size of counts.

Where values do not fall on slots they are rounded, and the error is kept (archdsl.space.rounding).
Where counts have too many digits, their last ones are cut off: each slot is then a lower bound.
"""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

from archdsl.space.rounding import NO_ERROR, Error, choice, either

KEPT = 40  # bits that are kept of counts whose last digits are cut off; sums may grow by ROOM
ROOM = 4
CUT = 2 * (KEPT + ROOM)  # bits of a slot for such counts, enough for the product of two of them
OVERHEAD = 2_000  # what one operation costs beside moving bytes, in bytes

Table = dict[int, int]  # counts by value


class TooMuchWork(Exception):
    """A distribution takes more work than allowed."""


class Slots(NamedTuple):
    """Counts by value. Slot k of ``packed`` counts designs, in units of ``2**exponent``, that have
    the value ``rest`` + k steps with an ``error``; ``designs`` is how many there are of all."""

    packed: int
    designs: int
    exponent: int = 0
    rest: int = 0
    error: Error = NO_ERROR


ONE = Slots(1, 1)  # one design, of value 0


class Grid:
    """How values are laid out in slots: ``step`` values apart, ``bits`` wide (a multiple of 8).

    ``cut`` when counts are cut so that they fit; otherwise ``bits`` must hold the count of all
    designs. ``work`` is how many bytes may be moved, ``room`` how many may be kept.
    """

    def __init__(self, bits: int, *, cut: bool, work: float, room: float) -> None:
        self.step = 1
        self.bits = bits
        self.size = bits // 8
        self.cut = cut
        self.work = work
        self.room = room

    def passed(self, slots: Slots, table: Table, times: int) -> Slots:
        """The distribution of sums: of a value and ``times`` one of a table."""
        placed, error = self._placed(slots.rest, table, times)
        designs, exponent = sum(table.values()), slots.exponent
        drop = designs.bit_length() - KEPT
        if self.cut and drop > 0:
            placed = {slot: count >> drop for slot, count in placed.items()}
            exponent += drop
        base = min(placed)
        packed = self._added(slots.packed, {slot - base: n for slot, n in placed.items()})
        rest, error = base * self.step, slots.error.plus(error)
        return self._shortened(Slots(packed, slots.designs * designs, exponent, rest, error))

    def multiplied(self, slots: Slots, other: Slots, times: int, stride: int) -> Slots:
        """The distribution of sums: of a value and ``times`` one of another distribution, whose
        slots lie ``stride`` slots apart here."""
        made = Slots(
            self._product(slots.packed, self._spread(other.packed, stride)),
            slots.designs * other.designs,
            slots.exponent + other.exponent,
            slots.rest + times * other.rest,
            slots.error.plus(other.error.times(times)),
        )
        return self._shortened(made)

    def counted(self, slots: Slots, count: int) -> Slots:
        """A distribution with each design ``count`` times."""
        drop = max(count.bit_length() - KEPT, 0) if self.cut else 0
        self._spend(slots.packed)
        made = slots._replace(
            packed=slots.packed * (count >> drop),
            designs=slots.designs * count,
            exponent=slots.exponent + drop,
        )
        return self._shortened(made)

    def either(self, groups: list[Slots]) -> Slots:
        """The distribution of designs in groups, each of which has its own."""
        if len(groups) == 1:
            return groups[0]
        rest = min([group.rest for group in groups])
        exponent = max([group.exponent for group in groups])
        aligned = [self._aligned(group, rest, exponent) for group in groups]
        packed = sum([group.packed for group in aligned])
        self.spend(len(groups) * (packed.bit_length() // 8 + OVERHEAD))
        designs = sum([group.designs for group in aligned])
        error = either([(group.error, group.designs) for group in aligned])
        return self._shortened(Slots(packed, designs, exponent, rest, error))

    def spend(self, work: int) -> None:
        """Account for work. Raises :class:`TooMuchWork` when it was too much."""
        self.work -= work
        if self.work < 0:
            raise TooMuchWork

    def keep(self, slots: Slots, sign: int = 1) -> None:
        """Account for the room that a distribution takes; ``sign`` -1 when it takes it no more.
        Raises :class:`TooMuchWork` when it was too much."""
        self.room -= sign * (slots.packed.bit_length() // 8)
        if self.room < 0:
            raise TooMuchWork

    def _spend(self, packed: int) -> None:
        self.spend(packed.bit_length() // 8 + OVERHEAD)

    def _placed(self, rest: int, table: Table, times: int) -> tuple[Table, Error]:
        """Counts by the slot next to each value, and the error that this makes."""
        placed: Table = {}
        errors = []
        step, half = self.step, self.step // 2
        for value, count in table.items():
            exact = rest + times * value
            slot = (exact + half) // step
            errors.append(((exact - slot * step) / step, count))
            placed[slot] = placed.get(slot, 0) + count
        return placed, choice(errors)

    def _added(self, packed: int, placed: Table) -> int:
        """A sum over shifts, or one product where that costs less."""
        size = packed.bit_length() // 8 + 1
        other = (max(placed) + 1) * self.size
        if len(placed) * (size + other) > product_work(size, other):
            return self._product(packed, _laid_out(placed, self.size))
        self.spend(len(placed) * (size + other + OVERHEAD))
        found = 0
        for slot, count in placed.items():
            found += (packed if count == 1 else packed * count) << slot * self.bits
        return found

    def _product(self, first: int, second: int) -> int:
        self.spend(product_work(first.bit_length() // 8, second.bit_length() // 8) + OVERHEAD)
        return first * second

    def _aligned(self, slots: Slots, rest: int, exponent: int) -> Slots:
        """The same designs with a lower rest and a higher exponent."""
        if slots.exponent < exponent:
            slots = self._dropped(slots, exponent - slots.exponent)
        exact = slots.rest - rest
        if not exact:
            return slots
        shift = (exact + self.step // 2) // self.step
        packed = slots.packed << shift * self.bits
        self._spend(packed)
        off = exact - shift * self.step
        error = slots.error.moved(off / self.step) if off else slots.error
        return slots._replace(packed=packed, rest=rest, error=error)

    def _shortened(self, slots: Slots) -> Slots:
        """The counts cut to few enough bits, if they are to be cut."""
        drop = slots.designs.bit_length() - slots.exponent - KEPT
        return self._dropped(slots, drop) if self.cut and drop > ROOM else slots

    def _dropped(self, slots: Slots, drop: int) -> Slots:
        """The last bits of each count cut off, and the slots before the first that is not 0."""
        kept = (1 << max(self.bits - drop, 0)) - 1
        number = slots.packed.bit_length() // self.bits + 1
        self.spend(4 * number * self.size + OVERHEAD)
        mask = int.from_bytes(kept.to_bytes(self.size, "little") * number, "little")
        packed = slots.packed >> drop & mask
        empty = max((packed & -packed).bit_length() - 1, 0) // self.bits
        return slots._replace(
            packed=packed >> empty * self.bits,
            exponent=slots.exponent + drop,
            rest=slots.rest + empty * self.step,
        )

    def _spread(self, packed: int, stride: int) -> int:
        """The same slots farther apart."""
        if stride == 1:
            return packed
        number = packed.bit_length() // self.bits + 1
        wide = number * self.size * stride
        self.spend(wide + OVERHEAD)
        narrow = packed.to_bytes(number * self.size, "little")
        found = bytearray(wide)
        for byte in range(self.size):
            found[byte :: self.size * stride] = narrow[byte :: self.size]
        return int.from_bytes(found, "little")


def product_work(first: int, second: int) -> int:
    """What Karatsuba's multiplication of numbers of so many bytes costs, as measured."""
    return max(first, second) * (1 + 4 * isqrt(min(first, second)))


def _laid_out(placed: Table, size: int) -> int:
    """Counts by slot as one number."""
    found = bytearray((max(placed) + 1) * size)
    for slot, count in placed.items():
        found[slot * size : (slot + 1) * size] = count.to_bytes(size, "little")
    return int.from_bytes(found, "little")
