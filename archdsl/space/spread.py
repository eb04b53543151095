"""The values that the designs of a space have of one metric: their ends, and how many lie where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.space.distribution import ROUGH, distribution
from archdsl.space.metrics import sort_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.space.design_sets import DesignGroup, Extent
    from archdsl.space.measured import Measured
    from archdsl.space.space import Space
    from archdsl.space.totals import Distribution

BINS = 12
PROVEN, BOUNDED, SAMPLED, UNKNOWN = "proven", "bounded", "sampled", "unknown"
PASSED = 10  # the work of one node of a diagram of which the distribution is found


class Spread(NamedTuple):
    """One metric, its ends ``known`` as proven, bounded or sampled (of ``drawn`` designs), or not.

    ``bins`` tells what share of the designs has a value in each twelfth of the range from the least
    to the most. The share up to the end of each is off by no more than ``within``, which is 0 where
    all are exact.
    """

    metric: str
    extent: Extent | None
    bins: tuple[float, ...]
    known: str = PROVEN
    within: float = 0.0
    drawn: int = 0


def spread(space: Space, metric: str) -> Spread:
    """The least and the largest value of a metric over the valid designs, with designs that have
    them, and how many designs lie between."""
    extent = space.bounds(metric, valid=True)
    if extent is None:
        return Spread(metric, None, ())
    groups = list(space.measured(metric, valid=True))
    total = sum(part.count for part, _ in groups)
    lows, highs = [0] * BINS, [0] * BINS
    for part, how in groups:
        few = part.count / total < ROUGH and not how.constant  # not worth a distribution
        found = None if few or how.constant else _totals(space, part, how, total)
        for index in range(BINS):
            edge = _edge(extent, index)
            low, high = (0, part.count) if few else _up_to(part.count, found, how, edge)
            lows[index] += low
            highs[index] += high
    lows[-1] = highs[-1] = total
    up_to = [(low + high) // 2 for low, high in zip(lows, highs, strict=True)]
    counts = [now - before for now, before in zip(up_to, [0, *up_to], strict=False)]
    within = max(high - low for low, high in zip(lows, highs, strict=True))
    bins = tuple(max(count, 0) / total for count in counts)
    return Spread(metric, extent, bins, within=within / total / 2)


def _totals(space: Space, part: DesignGroup, how: Measured, total: int) -> Distribution:
    """The distribution of a group, the rougher the fewer of all designs are in it."""
    space.spend(part.size * PASSED)
    if part.count < total:  # one of many groups, too many to keep what each takes
        width = ROUGH / (part.count / total)
        return distribution(part.node, how.weights, width, space.spend)
    return part.totals(how.weights, ROUGH, space.spend)


def _up_to(count: int, found: Distribution | None, how: Measured, edge: float) -> tuple[int, int]:
    """How many designs of a group have at most a value: no fewer, and no more."""
    if found is not None:
        return _at_most(found, how, edge)
    number = count if sort_key(how.value(0)) <= edge else 0
    return number, number


def _edge(extent: Extent, index: int) -> float:
    """The upper end of a bin."""
    low, high = sort_key(extent.low.value), sort_key(extent.high.value)
    return low + (high - low) * (index + 1) / BINS


def _at_most(found: Distribution, how: Measured, value: float) -> tuple[int, int]:
    """How many designs have at most a value: no fewer, and no more, than the two numbers."""
    if how.rising is False:
        below = _first(found, lambda total: sort_key(how.value(total)) <= value)
        low, high = found.count_at_most(below - 1)
        return found.total - high, found.total - low
    above = _first(found, lambda total: sort_key(how.value(total)) > value)
    return found.count_at_most(above - 1)


def _first(found: Distribution, holds: Callable[[int], bool]) -> int:
    """The first sum from which on something holds, one behind the largest if it never does."""
    low, high = found.least, found.largest + 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
