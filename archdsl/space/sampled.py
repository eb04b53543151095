"""Metrics that take too much to be worked out, seen in designs that are drawn."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import Given
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.design_sets import Extent, Extreme
from archdsl.space.metrics import metric_of, sort_key
from archdsl.space.spread import BINS, PROVEN, SAMPLED, UNKNOWN, Spread

if TYPE_CHECKING:
    from archdsl.space.space import Space

DRAWN = 200  # designs
WORK = 150_000  # ops of all of them together, for each metric
CHOICE = 10  # ops that a design is taken for, for each choice that it makes


def sampled(space: Space, metrics: list[str]) -> dict[str, Spread]:
    """Some metrics of valid designs, each drawn as likely as any other: the least and the largest
    value that was met, with its design, and how many lie between. Proven where all designs were."""
    found: dict[str, list[Extreme]] = {metric: [] for metric in metrics}
    whole, work, drawn = space.valid(), WORK, 0
    is_whole = not whole.unproven
    for design in islice(space.designs(seed=0), DRAWN if metrics else 0):
        evaluation = space.program.attempt(Given(design), space.bounds_of_one)
        if isinstance(evaluation, SpecError):
            continue  # a design of those whose requirements are not worked out
        drawn += 1
        is_whole &= all(type(point) is not ContinuousPoint for _, point, _ in evaluation.asked)
        for metric, values in found.items():
            bound = metric_of(metric, space.program, evaluation.clauses)
            values.append(Extreme(bound.of(evaluation.graph), design))
        work -= evaluation.graph.model.size * len(metrics) + CHOICE * len(design)
        if work < 0:
            break
    number = 0 if is_whole and drawn == whole.count else drawn
    return {metric: _spread(metric, values, number) for metric, values in found.items()}


def _spread(metric: str, values: list[Extreme], drawn: int) -> Spread:
    if not values:
        return Spread(metric, None, (), known=UNKNOWN)
    ordered = sorted(values, key=lambda one: sort_key(one.value))
    extent = Extent(ordered[0], ordered[-1])
    low, high = sort_key(extent.low.value), sort_key(extent.high.value)
    counts = [0] * BINS
    for value, _ in ordered:
        place = BINS * (sort_key(value) - low) / (high - low) if high > low else 0
        counts[min(int(place), BINS - 1)] += 1
    bins = tuple(count / len(ordered) for count in counts)
    return Spread(metric, extent, bins, SAMPLED if drawn else PROVEN, drawn=drawn)
