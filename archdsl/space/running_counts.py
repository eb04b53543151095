"""How many designs have at most each value, read from counts in slots when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.space.slots import Slots

BLOCK = 256  # slots


class RunningCounts(Sequence[int]):
    """The sum of the counts in all slots up to each.

    Sums are found by casting out: a number leaves the same remainder as the sum of its digits,
    when it is divided by one less than the base of the digits. Here the slots are the digits, and
    the count of all designs is less than that divisor. Sums up to each block of slots are kept.
    """

    def __init__(self, slots: Slots, bits: int) -> None:
        self.size = bits // 8
        self.divisor = (1 << bits) - 1
        self.exponent = slots.exponent
        self.length = (slots.packed.bit_length() - 1) // bits + 1
        self.packed = slots.packed.to_bytes(self.length * self.size, "little")
        self.before = [0]
        for begin in range(0, self.length, BLOCK):
            self.before.append(self.before[-1] + self._sum(begin, begin + BLOCK))

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> int:  # type: ignore[override]
        """The sum up to a slot; there are no slices."""
        if index < 0:
            index += self.length
        if not 0 <= index < self.length:
            raise IndexError(index)
        block = index // BLOCK
        return self.before[block] + self._sum(block * BLOCK, index + 1) << self.exponent

    def __iter__(self) -> Iterator[int]:
        total = 0
        for begin in range(0, self.length * self.size, self.size):
            total += int.from_bytes(self.packed[begin : begin + self.size], "little")
            yield total << self.exponent

    def _sum(self, begin: int, end: int) -> int:
        part = self.packed[begin * self.size : end * self.size]
        return int.from_bytes(part, "little") % self.divisor
