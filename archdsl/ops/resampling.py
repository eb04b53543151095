"""Which places an axis reads that is brought to another size, as F.interpolate does it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from struct import pack, unpack

from archdsl.ops.reads import Along


@dataclass(frozen=True)
class Resampled(Along):
    """The places between which one of ``count`` lies. ``mode``: ``nearest``, ``linear`` or
    ``cubic``. With ``corners`` the outermost places of both fall together; with ``smooth`` (an
    anti-aliasing filter) more are read where there are to be fewer."""

    count: int
    mode: str
    corners: bool = False
    smooth: bool = False

    def at(self, place: int, size: int) -> tuple[int, ...]:
        if self.mode == "nearest":
            return (min(size - 1, floor(_single(_single(size / self.count) * place))),)
        if self.smooth:
            return self._filtered(place, size)
        centre = self._centre(place, size)
        if self.mode == "linear":
            centre = max(centre, Fraction(0))
        first, rest = floor(centre), centre - floor(centre)
        reach = {"linear": (0, 1), "cubic": (-1, 2)}[self.mode] if rest else (0, 0)
        taken = range(first + reach[0], first + reach[1] + 1)
        return tuple(sorted({min(max(one, 0), size - 1) for one in taken}))

    def _centre(self, place: int, size: int) -> Fraction:
        """Where it lies among the places read."""
        if self.corners:
            apart = Fraction(size - 1, self.count - 1) if self.count > 1 else Fraction(0)
            return place * apart
        return Fraction(2 * place + 1, 2) * Fraction(size, self.count) - Fraction(1, 2)

    def _filtered(self, place: int, size: int) -> tuple[int, ...]:
        if self.corners:
            apart = Fraction(size - 1, self.count - 1) if self.count > 1 else Fraction(0)
        else:
            apart = Fraction(size, self.count)
        centre = apart * Fraction(2 * place + 1, 2)
        wide = max(apart, Fraction(1))
        reach = 1 if self.mode == "linear" else 2
        far = reach * wide
        first = max(floor(centre - far + Fraction(1, 2)), 0)
        last = min(floor(centre + far + Fraction(1, 2)), size)
        away = {one: abs(one + Fraction(1, 2) - centre) / wide for one in range(first, last)}
        return tuple(one for one, far in away.items() if far < reach and far != 1)

    def extent(self, size: int) -> tuple[int, int] | None:
        if self.count >= size:
            return None
        taps = {"nearest": 1, "linear": 2, "cubic": 4}[self.mode]
        taps = taps * -(-size // self.count) if self.smooth else taps
        return (min(size, taps), max(1, size // self.count))


def _single(number: float) -> float:
    """A number in single precision, in which PyTorch reckons places."""
    found: float = unpack("f", pack("f", number))[0]
    return found
