"""How many designs keep to several limits at once: exactly, or between two proven numbers."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from archdsl.space.distribution import distribution
from archdsl.space.restrict import TooLarge
from archdsl.space.valid import Limit, Unproven, within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.space.diagram import Node
    from archdsl.space.valid import Condition

STATES = 100_000  # of the diagram of the designs that keep to one limit: half a second


class Between(NamedTuple):
    """A number that is proven to be no less than the one, and no more than the other."""

    low: int
    high: int


def meeting(node: Node, conditions: Iterable[Condition], states: int) -> Between:
    """How many designs of a diagram meet all conditions on costs; to find out, no diagram is made
    of more than so many ``states``."""
    runs: dict[tuple[int, ...], tuple[tuple[int, int], ...]] = {}
    unproven = False
    for condition in conditions:
        try:
            limit = condition.limit(node)
        except Unproven:
            unproven = True
            continue
        if limit is not None:
            known = runs.get(limit.weights)
            runs[limit.weights] = limit.runs if known is None else _both(known, limit.runs)
    low, high = keeping(node, [Limit(*one) for one in runs.items()], min(states, STATES))
    return Between(0 if unproven else low, high)


def keeping(node: Node, limits: list[Limit], states: int) -> Between:
    """How many designs of a diagram keep to limits on different sums.

    All limits but one are applied one after another, each to the diagram that the one before
    leaves; for the last one the distribution of its sum is enough. Where a diagram becomes too
    large for that, the designs are no more than keep to any one limit, and no fewer than are left
    when those that break a limit are taken off one limit after the other.
    """
    if not limits:
        return Between(node.count, node.count)
    alone = [(keeping_one(node, limit), limit) for limit in limits]
    if len(limits) > 1 and all(found.high for found, _ in alone):
        for _, limit in sorted(alone, key=lambda one: one[0].high):
            with suppress(TooLarge):
                left = within(node, limit, states)
                others = [other for other in limits if other is not limit]
                return keeping(left, others, states) if left is not None else Between(0, 0)
    broken = sum(node.count - found.low for found, _ in alone)
    return Between(max(node.count - broken, 0), min(found.high for found, _ in alone))


def keeping_one(node: Node, limit: Limit) -> Between:
    """How many designs of a diagram keep to one limit."""
    if not limit.runs:
        return Between(0, 0)
    spread = distribution(node, limit.weights)
    low = high = 0
    for first, last in limit.runs:
        before, up_to = spread.count_at_most(first - 1), spread.count_at_most(last)
        low += max(up_to[0] - before[1], 0)
        high += up_to[1] - before[0]
    return Between(low, min(high, node.count))


def _both(
    some: tuple[tuple[int, int], ...], others: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """What lies in ranges of the one and of the other."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return tuple(sorted((first, last) for first, last in both if first <= last))
