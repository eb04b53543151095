"""Drawing alternatives with exact probabilities, whatever the size of their counts.

A random number U of unlimited length between 0 and 1 takes the alternative whose stretch of the
cumulative shares it falls in. Its first 64 bits decide that unless they are the first 64 bits of
a limit between two stretches: then more bits are drawn, for that one design, until they decide.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from archdsl.space.arrays import numpy

if TYPE_CHECKING:
    from collections.abc import Sequence

BITS = 64


class Thresholds:
    """Draws the index of one of several alternatives, each as often as its count says."""

    def __init__(self, counts: Sequence[int]) -> None:
        np = numpy()
        self.limits = list(accumulate(counts))[:-1]
        self.total = sum(counts)
        first = [(limit << BITS) // self.total for limit in self.limits]
        self.first_bits = np.array(first, dtype=np.uint64)
        exact = [limit << BITS == bits * self.total for limit, bits in zip(self.limits, first)]  # noqa: B905
        self.undecided = np.array([*exact, True], dtype=bool) ^ True
        small = len(counts) <= 2**16  # 16 bits are sorted in linear time
        self.kind = np.uint16 if small else np.int64

    def draw(self, number: int, random: Any) -> Any:
        """So many indices."""
        np = numpy()
        bits = random.integers(0, 2**BITS, number, dtype=np.uint64)
        taken = np.searchsorted(self.first_bits, bits, side="right")
        if len(self.limits):
            for row in self._met(bits, taken):
                taken[row] = self.settled(int(bits[row]), random)
        return taken.astype(self.kind)

    def _met(self, bits: Any, taken: Any) -> Any:
        """The rows in which the bits are those of a limit, and do not decide."""
        np = numpy()
        before = np.maximum(taken, 1) - 1
        return np.flatnonzero((self.first_bits[before] == bits) & self.undecided[before])

    def settled(self, drawn: int, random: Any) -> int:
        """The index for a number of which some bits are drawn, more being drawn as needed."""
        length = BITS
        while any(self._is_open(limit, drawn, length) for limit in self.limits):
            drawn = drawn << BITS | int(random.integers(0, 2**BITS, dtype=numpy().uint64))
            length += BITS
        return sum((limit << length) // self.total <= drawn for limit in self.limits)

    def _is_open(self, limit: int, drawn: int, length: int) -> bool:
        bits, rest = divmod(limit << length, self.total)
        return bits == drawn and rest > 0
