"""Metrics over a space: how the value of a design follows from what its diagram adds up."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd, lcm
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.cost.compose import Composition
    from archdsl.cost.metric import Metric
    from archdsl.space.explore.outcomes import Group


@dataclass(frozen=True)
class Measured:
    """A metric of designs of one group: ``value`` of the sum of ``weights`` times amounts.

    All designs of the group have the same value where all weights are 0. ``rising`` tells whether
    a larger sum is a larger value; None where neither holds.
    """

    weights: tuple[int, ...]
    value: Callable[[int], Any]
    rising: bool | None

    @property
    def constant(self) -> bool:
        return not any(self.weights)


def measured(metric: Metric, group: Group, costs: tuple[Composition, ...]) -> Measured | None:
    """How a metric is computed for the designs of a group; None when no single sum gives it.

    ``costs`` are those that the space was explored with, among them all that the metric needs.
    Metrics that are multiples of each other, as bytes of weights and parameters, share one sum.
    """
    found = _as_given(metric, group, costs)
    factor = gcd(*found.weights) if found else 1
    if found is None or factor < 2:
        return found
    value = found.value
    weights = tuple(weight // factor for weight in found.weights)
    return Measured(weights, lambda total: value(factor * total), found.rising)


def _as_given(metric: Metric, group: Group, costs: tuple[Composition, ...]) -> Measured | None:
    flowing = [cost for cost in metric.compositions if cost.amounts]
    if not flowing:
        constant = metric.value(*[_settled(cost, group, costs) for cost in metric.compositions])
        return Measured(_spread((), (), costs), lambda _: constant, rising=True)
    if len(flowing) == 1 and flowing[0].amounts == 1:
        return Measured(
            _spread(flowing, (1,), costs),
            lambda total: metric.value(
                *[(total,) if c.amounts else _settled(c, group, costs) for c in metric.compositions]
            ),
            True if metric.rising is None else metric.rising,
        )
    if metric.weights is None or len(flowing) < len(metric.compositions):
        return None
    scale = lcm(*(weight.denominator for weight in metric.weights))
    weights = tuple(int(weight * scale) for weight in metric.weights)
    of_sum: Any = metric.of_sum  # type: ignore[attr-defined]
    return Measured(
        _spread(flowing, weights, costs),
        lambda total: of_sum(floor(Fraction(total, scale))),
        metric.rising,
    )


def _settled(cost: Composition, group: Group, costs: tuple[Composition, ...]) -> tuple[int, ...]:
    """What all designs of a group have of a cost that does not add up."""
    value: tuple[int, ...] = group.values[costs.index(cost)]
    return value


def _spread(
    flowing: Any, weights: tuple[int, ...], costs: tuple[Composition, ...]
) -> tuple[int, ...]:
    """The weights of some costs' amounts, in the place that these have among all amounts."""
    found: list[int] = []
    given = list(weights)
    placed = {}
    for cost in flowing:
        placed[cost] = [given.pop(0) for _ in range(cost.amounts)]
    for cost in costs:
        found.extend(placed.get(cost, [0] * cost.amounts))
    return tuple(found)
