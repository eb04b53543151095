"""Whether counts could come from a uniform distribution."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def is_plausible(counts: Sequence[int], weights: Sequence[int] | None = None) -> bool:
    """Whether Pearson's chi-square of counts is what comes once in a million draws or more often,
    where each outcome has a probability by its weight, equal ones by default.

    The quantile is that of Wilson and Hilferty, "The Distribution of Chi-Square", PNAS 1931: the
    cube root of chi-square over its degrees of freedom is about normal.
    """
    weights = weights or [1] * len(counts)
    total, whole = sum(counts), sum(weights)
    expected = [total * weight / whole for weight in weights]
    assert min(expected) >= 5, "too few draws for the approximation"
    chi = sum((count - e) ** 2 / e for count, e in zip(counts, expected, strict=True))
    freedom = len(counts) - 1
    spread = 2 / (9 * freedom)
    return ((chi / freedom) ** (1 / 3) - (1 - spread)) / sqrt(spread) < 4.75
