"""The values that the designs of a space have of one metric: their ends, and how many lie where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.space.distribution import distribution

if TYPE_CHECKING:
    from archdsl.space.space import Extent, Space

BINS = 12


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
    bins = [0] * BINS
    for part, how in space.measured(metric, valid=True):
        found = distribution(part.node, how.weights)
        for total, count in zip(found.values, found.counts, strict=True):
            bins[_bin(_number(how.value(total)), extent)] += count
    most = sum(bins)
    return Spread(metric, extent, tuple(_share(count, most) for count in bins))


def _bin(value: float, extent: Extent) -> int:
    low, high = _number(extent.low.value), _number(extent.high.value)
    if high == low:
        return 0
    return min(max(int(BINS * (value - low) / (high - low)), 0), BINS - 1)


def _number(value: object) -> float:
    from archdsl.space.metrics import sort_key

    return sort_key(value)


def _share(count: int, most: int) -> float:
    """A share of counts that may have hundreds of digits."""
    return (count * 10**9 // most) / 10**9 if most else 0.0
