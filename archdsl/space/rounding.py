"""What rounding does to totals: how far off they can be, and how few designs are far off."""

from __future__ import annotations

from math import exp, floor, log
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

TILTS = (0.25, 0.5, 1.0, 2.0, 4.0, -0.25, -0.5, -1.0, -2.0, -4.0)
MARGIN = 1e-6  # for what floats themselves are off
TINY = 1e-15  # so that no weight is lost
WORTH = 0.8  # bounds that some designs may break are taken where they are so much closer


class Error(NamedTuple):
    """By how many steps the exact values of designs lie above their rounded ones.

    That is from ``early`` to ``late``. ``tilted`` holds for each of ``TILTS`` the logarithm of the
    mean over all designs of exp(tilt * error), or more. It adds up over choices made independently
    of each other, and by Chernoff's bound it proves how few designs have a large error.
    """

    early: float
    late: float
    tilted: tuple[float, ...]

    def plus(self, other: Error) -> Error:
        """The error of sums of values chosen independently."""
        tilted = [a + b for a, b in zip(self.tilted, other.tilted, strict=True)]
        return Error(self.early + other.early, self.late + other.late, tuple(tilted))

    def moved(self, steps: float) -> Error:
        """The error of values that are some steps more without their rounded ones being so."""
        tilted = [mean + tilt * steps for tilt, mean in zip(TILTS, self.tilted, strict=True)]
        return Error(self.early + steps, self.late + steps, tuple(tilted))

    def times(self, times: int) -> Error:
        """The error of values that count several times."""
        if times == 1 or self is NO_ERROR:
            return self
        early, late = times * self.early, times * self.late
        return Error(early, late, tuple([max(tilt * early, tilt * late) for tilt in TILTS]))

    def either(self, other: Error, share: float) -> Error:
        """The error of the designs of two groups, the first of which is a share of them all."""
        if self is other:
            return self
        pairs = zip(self.tilted, other.tilted, strict=True)
        tilted = tuple([_mixed(a, b, share) for a, b in pairs])
        return Error(min(self.early, other.early), max(self.late, other.late), tuple(tilted))

    def within(self, doubt: float, step: int) -> tuple[int, int, bool]:
        """Bounds of the error, in units of totals, and whether a share of ``doubt`` of all designs
        may lie below them, and as many above."""
        if self.early == self.late == 0:
            return 0, 0, False
        chance = log(1 / doubt) + MARGIN
        pairs = list(zip(TILTS, self.tilted, strict=True))
        early = max([(mean + chance) / tilt for tilt, mean in pairs if tilt < 0])
        late = min([(mean + chance) / tilt for tilt, mean in pairs if tilt > 0])
        doubted = late - early < WORTH * (self.late - self.early)
        if not doubted:
            early, late = self.early, self.late
        return _units(early - MARGIN, step), -_units(-late - MARGIN, step), doubted


NO_ERROR = Error(0, 0, (0.0,) * len(TILTS))


def error_of(errors: Iterable[tuple[float, int]]) -> Error:
    """The error of a choice between values, from the error of each in steps and the number of
    designs that have it."""
    pairs = list(errors)
    early = min([error for error, _ in pairs])
    late = max([error for error, _ in pairs])
    if early == late == 0:
        return NO_ERROR
    total = sum([count for _, count in pairs])
    shares = [(error, count / total) for error, count in pairs]
    tilted = [log(sum([share * exp(tilt * error) for error, share in shares])) for tilt in TILTS]
    return Error(early, late, tuple(tilted))


def _mixed(first: float, second: float, share: float) -> float:
    """The logarithm of a weighted mean of two numbers from their logarithms, or a bit more."""
    top = max(first, second)
    weights = max(share, TINY), max(1 - share, TINY)
    return top + log(weights[0] * exp(first - top) + weights[1] * exp(second - top))


def _units(steps: float, step: int) -> int:
    """A number of steps in units, rounded down; a step may be longer than a float can tell."""
    return floor(steps * 2**30) * step // 2**30
