"""What rounding does to totals: how far off they can be, and how few designs are far off."""

from __future__ import annotations

from math import floor, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MARGIN = 1e-6  # for what floats themselves are off
WORTH = 0.8  # bounds that some designs may break are taken where they are so much closer


class Error(NamedTuple):
    """By how many steps the exact values of designs lie above their rounded ones.

    That is from ``early`` to ``late`` for all. ``square`` tells how few lie far from the ``mean``:
    the mean over all designs of exp(t * (error - mean)) is at most exp(t * t * square / 8), for
    any t. By Hoeffding's lemma that holds for a choice between values with the square of the
    distance between its ends, and for choices made independently with the sum of their squares.
    """

    early: float = 0.0
    late: float = 0.0
    mean: float = 0.0
    square: float = 0.0

    def plus(self, other: Error) -> Error:
        """The error of sums of values chosen independently."""
        if other is NO_ERROR:
            return self
        return Error(
            self.early + other.early,
            self.late + other.late,
            self.mean + other.mean,
            self.square + other.square,
        )

    def moved(self, steps: float) -> Error:
        """The error of values that are some steps more, while their rounded ones are not."""
        return Error(self.early + steps, self.late + steps, self.mean + steps, self.square)

    def times(self, times: int) -> Error:
        """The error of values that count several times."""
        if self is NO_ERROR:
            return self
        early, late, mean, square = self
        return Error(times * early, times * late, times * mean, times**2 * square)

    def within(self, doubt: float, step: int) -> tuple[int, int, bool]:
        """Bounds of the error, in units of totals, and whether a share of ``doubt`` of all designs
        may lie below them, and as many above."""
        if self.early == self.late == 0:
            return 0, 0, False
        near = sqrt(self.square * log(1 / doubt) / 2)
        early, late = self.mean - near, self.mean + near
        doubted = late - early < WORTH * (self.late - self.early)
        if not doubted:
            early, late = self.early, self.late
        return _units(early - MARGIN, step), -_units(-late - MARGIN, step), doubted


NO_ERROR = Error()


def choice(errors: Iterable[tuple[float, int]]) -> Error:
    """The error of a choice between values, from the error of each and the number of designs that
    have it."""
    pairs = list(errors)
    early = min([error for error, _ in pairs])
    late = max([error for error, _ in pairs])
    if early == late == 0:
        return NO_ERROR
    total = sum([count for _, count in pairs])
    mean = sum([error * (count / total) for error, count in pairs])
    return Error(early, late, mean, (late - early) ** 2)


def either(groups: list[tuple[Error, int]]) -> Error:
    """The error of designs in groups, from the error of each group and the number of designs in
    it: its mean is an error of its own, that all designs of a group share."""
    first = groups[0][0]
    if all(error is first for error, _ in groups):
        return first
    means = choice([(error.mean, count) for error, count in groups])
    return Error(
        min([error.early for error, _ in groups]),
        max([error.late for error, _ in groups]),
        means.mean,
        means.square + max([error.square for error, _ in groups]),
    )


def _units(steps: float, step: int) -> int:
    """A number of steps in units, rounded down; a step may be longer than a float can tell."""
    return floor(steps * 2**30) * step // 2**30
