"""All numbers below a count in random order, each once, without storing any.

A Feistel network over a product of two ranges: a number is a pair (left, right), and rounds in turn
add to one half a pseudorandom function of the other, which can be undone, so no two numbers meet.
The ranges are as small as their product allows, and a pair that is past the count is taken through
the network again until one is not (Black and Rogaway, "Ciphers with Arbitrary Finite Domains",
CT-RSA 2002).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from math import isqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Function = Callable[[int], int]

ROUNDS = 8
FEW, ROUNDS_OF_FEW = 256, 24  # a half so small mixes slowly; its functions are remembered
SPARE = 8  # bytes drawn beyond what a half takes, so that no remainder is favoured noticeably
LONGEST = 64  # bytes that BLAKE2b gives


class Permutation:
    """The numbers from 0 to ``count - 1`` in an order that depends on the seed alone.

    ``permutation[position]`` is the number at a position, whatever was asked before.
    """

    def __init__(self, count: int, seed: int = 0) -> None:
        self.count = count
        left = isqrt(max(count - 1, 0)) + 1
        self._right = -(-count // left) or 1
        sizes = (left, self._right)  # a round adds to one of these a function of the other
        rounds = ROUNDS if left > FEW else ROUNDS_OF_FEW
        self._rounds = [
            (_function(f"archdsl {seed} {number}", sizes[(number + 1) % 2]), sizes[number % 2])
            for number in range(rounds)
        ]

    def __getitem__(self, position: int) -> int:
        """The number at a position. Raises :class:`IndexError` past the last one."""
        if not 0 <= position < self.count:
            raise IndexError(f"there is no position {position} among {self.count}")
        number = self._through(position)
        while number >= self.count:
            number = self._through(number)
        return number

    def starting(self, start: int = 0) -> Iterator[int]:
        """The numbers from a position on."""
        return map(self.__getitem__, range(start, self.count))

    def _through(self, number: int) -> int:
        """A pair of halves, as one number, taken through all rounds."""
        one, other = divmod(number, self._right)
        for function, size in self._rounds:
            one, other = other, (one + function(other)) % size
        return one * self._right + other


def _function(key: str, size: int) -> Function:
    """A pseudorandom function of the numbers below ``size``, wide enough for a half as large."""
    width = (size.bit_length() + 7) // 8
    length = width + 1 + SPARE
    given: Any = () if length <= LONGEST else (length,)
    keyed: Any = hashlib.blake2b(digest_size=length) if not given else hashlib.shake_256()
    keyed.update(hashlib.sha256(key.encode()).digest())

    def function(number: int) -> int:
        here = keyed.copy()
        here.update(number.to_bytes(width, "little"))
        return int.from_bytes(here.digest(*given), "little")

    return function if size > FEW else lru_cache(maxsize=None)(function)
