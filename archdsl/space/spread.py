"""The values that the designs of a space have of one metric: their ends, and how many lie where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.space.distribution import ROUGH, distribution
from archdsl.space.metrics import sort_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.space.measured import Measured
    from archdsl.space.space import Extent, Space
    from archdsl.space.totals import Distribution

BINS = 12
PASSED = 10  # the work of one node of a diagram of which the distribution is found


class Spread(NamedTuple):
    """One metric. ``bins`` tells what share of the designs has a value in each twelfth of the
    range from the least to the most; ``proven`` is false where nothing could be found out."""

    metric: str
    extent: Extent | None
    bins: tuple[float, ...]
    proven: bool = True


def spread(space: Space, metric: str) -> Spread:
    """The least and the largest value of a metric over the valid designs, with designs that have
    them, and how many designs lie between."""
    extent = space.bounds(metric, valid=True)
    if extent is None:
        return Spread(metric, None, ())
    up_to = [0] * BINS
    for part, how in space.measured(metric, valid=True):
        space.spend(0 if how.constant else part.size * PASSED)
        found = None
        if not how.constant:
            found = distribution(part.node, how.weights, ROUGH, space.spend)
        for index in range(BINS):
            edge = _edge(extent, index)
            if index == BINS - 1:
                up_to[index] += part.count
            elif found is None:
                up_to[index] += part.count if sort_key(how.value(0)) <= edge else 0
            else:
                up_to[index] += sum(_at_most(found, how, edge)) // 2
    counts = [now - before for now, before in zip(up_to, [0, *up_to], strict=False)]
    return Spread(metric, extent, tuple(_share(max(count, 0), up_to[-1]) for count in counts))


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


def _share(count: int, most: int) -> float:
    """A share of counts that may have hundreds of digits."""
    return (count * 10**9 // most) / 10**9 if most else 0.0
