"""How many designs keep to several limits at once: exactly, or between two proven numbers."""

from __future__ import annotations

from contextlib import suppress
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from archdsl.space.bounds import all_ends
from archdsl.space.diagram import ordered
from archdsl.space.distribution import ADDITIONS, distribution
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.restrict import TooLarge
from archdsl.space.small_parts import SmallParts
from archdsl.space.valid import SumLimit, Unproven, within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.space.diagram import Node
    from archdsl.space.valid import Condition, Restricting


class Between(NamedTuple):
    """A number that is proven to be no less than the one, and no more than the other."""

    low: int
    high: int


def meeting(node: Node, conditions: Iterable[Condition], restricted: Restricting) -> Between:
    """How many designs of a diagram meet all conditions on costs. ``restricted`` finds those that
    keep to a limit, unless it finds them too many to describe."""
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
    low, high = keeping(node, [SumLimit(*one) for one in runs.items()], restricted)
    return Between(0 if unproven else low, high)


def keeping(node: Node, limits: list[SumLimit], restricted: Restricting) -> Between:
    """How many designs of a diagram keep to limits on different sums.

    Where the sums together have few different values, these are listed. Otherwise all limits but
    one are applied one after another, each to the diagram that the one before leaves; for the last
    one the distribution of its sum is enough. Where a diagram becomes too large for that, the
    designs are no more than keep to any one limit, and no fewer than are left when those that break
    a limit are taken off one limit after the other (Fréchet's inequalities).
    """
    if not limits:
        return Between(node.count, node.count)
    listed = _listed(node, limits) if len(limits) > 1 else None
    if listed is not None:
        return Between(listed, listed)
    alone = [(keeping_one(node, limit), limit) for limit in limits]
    if len(limits) > 1 and all(found.high for found, _ in alone):
        for _, limit in sorted(alone, key=lambda one: one[0].high):
            with suppress(TooLarge, Unexplorable):
                left = within(node, limit, restricted)
                others = [other for other in limits if other is not limit]
                return keeping(left, others, restricted) if left is not None else Between(0, 0)
    broken = sum(node.count - found.low for found, _ in alone)
    return Between(max(node.count - broken, 0), min(found.high for found, _ in alone))


def _listed(node: Node, limits: list[SumLimit]) -> int | None:
    """How many designs keep to all limits, from how many have each combination of their sums: one
    number holds all sums side by side. None where there are too many combinations."""
    nodes = ordered(node)
    ends = [all_ends(nodes, limit.weights)[-1] for limit in limits]
    if any(one.least < 0 for one in ends):
        return None
    shifts = [0, *accumulate(one.largest.bit_length() for one in ends)]
    columns = zip(*(limit.weights for limit in limits), strict=True)
    weights = tuple(sum(w << n for w, n in zip(ws, shifts, strict=False)) for ws in columns)
    both = all_ends(nodes, weights)
    table = SmallParts(nodes, both, most=ADDITIONS, work=ADDITIONS).tables[-1]
    if table is None:
        return None
    parts = [
        (limit.runs, n, (1 << m - n) - 1)
        for limit, n, m in zip(limits, shifts, shifts[1:], strict=False)
    ]
    count = 0
    for above, designs in table.items():
        total = both[-1].least + above
        if all(_is_in(total >> shift & mask, runs) for runs, shift, mask in parts):
            count += designs
    return count


def _is_in(number: int, runs: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= number <= last for first, last in runs)


def keeping_one(node: Node, limit: SumLimit) -> Between:
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
