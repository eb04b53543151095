"""Several objectives: which trials none beats, and how much of the plane they cover.

Everything here is about losses: less is better in each.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Losses = Sequence[float]


def as_losses(values: Sequence[float], directions: Iterable[str]) -> tuple[float, ...]:
    """Values of which each is to ``maximize`` or ``minimize``, turned so that less is better in
    each; and losses turned back."""
    pairs = zip(values, directions, strict=True)
    return tuple(-value if direction == "maximize" else value for value, direction in pairs)


def beats(one: Losses, other: Losses) -> bool:
    """Whether one is at least as good in every objective, and better in one."""
    pairs = tuple(zip(one, other, strict=True))
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


def ranks(losses: Sequence[Losses]) -> list[int]:
    """The front of each: 0 for those that none beats, 1 for those that only these beat, and so on
    (non-dominated sorting; by efficient sequential search, Zhang et al. 2015)."""
    found = [0] * len(losses)
    fronts: list[list[Losses]] = []
    for i in sorted(range(len(losses)), key=lambda i: tuple(losses[i])):
        rank = next(
            (r for r, front in enumerate(fronts) if not any(beats(o, losses[i]) for o in front)),
            len(fronts),
        )
        if rank == len(fronts):
            fronts.append([])
        fronts[rank].append(losses[i])
        found[i] = rank
    return found


def crowding(losses: Sequence[Losses]) -> list[float]:
    """How far the neighbours of each lie apart, summed over the objectives, each on the scale of
    its range: infinite at the ends (Deb et al. 2002)."""
    found = [0.0] * len(losses)
    for objective in range(len(losses[0]) if losses else 0):
        line = sorted(range(len(losses)), key=lambda i: losses[i][objective])
        low, high = losses[line[0]][objective], losses[line[-1]][objective]
        found[line[0]] = found[line[-1]] = inf
        for before, here, after in zip(line, line[1:], line[2:], strict=False):
            if high > low:
                gap = losses[after][objective] - losses[before][objective]
                found[here] += gap / (high - low)
    return found


def order(losses: Sequence[Losses]) -> list[int]:
    """Indices, the best first: by front and, within one, the less crowded first. Of one objective
    that is by value. Equal ones stay in their order."""
    if losses and len(losses[0]) == 1:
        return sorted(range(len(losses)), key=lambda i: losses[i][0])
    rank = ranks(losses)
    crowded = [0.0] * len(losses)
    for front in set(rank):
        members = [i for i, one in enumerate(rank) if one == front]
        for i, distance in zip(members, crowding([losses[i] for i in members]), strict=True):
            crowded[i] = distance
    return sorted(range(len(losses)), key=lambda i: (rank[i], -crowded[i]))


def front(losses: Sequence[Losses]) -> list[int]:
    """The indices of those that none beats: the Pareto front; of equal ones the first."""
    first = {tuple(one): i for i, one in reversed(list(enumerate(losses)))}
    kept = sorted(first.values())
    rank = ranks([losses[i] for i in kept])
    return [i for i, one in zip(kept, rank, strict=True) if one == 0]


def hypervolume(losses: Sequence[Losses], reference: Losses) -> float:
    """The volume of what is beaten, up to a ``reference`` point (Zitzler and Thiele 1998), exactly:
    in the unit of all objectives multiplied. What does not beat the reference adds nothing."""
    inside = [one for one in losses if all(a < b for a, b in zip(one, reference, strict=True))]
    inside = [inside[i] for i in front(inside)]
    if not inside:
        return 0.0
    if len(reference) == 1:
        return reference[0] - min(one[0] for one in inside)
    if len(reference) == 2:
        return _area(inside, reference)
    return _swept(inside, reference)


def _area(inside: Sequence[Losses], reference: Losses) -> float:
    """Of two objectives: a staircase."""
    area, height = 0.0, reference[1]
    for x, y in sorted((one[0], one[1]) for one in inside):
        area += (reference[0] - x) * max(height - y, 0.0)
        height = min(height, y)
    return area


def _swept(inside: Sequence[Losses], reference: Losses) -> float:
    """Of three and more: slices between the values of the last objective, each one dimension less
    of what reaches it."""
    volume, line = 0.0, sorted(inside, key=lambda one: one[-1])
    ends = [one[-1] for one in line[1:]] + [reference[-1]]
    for i, (one, end) in enumerate(zip(line, ends, strict=True)):
        if end > one[-1]:
            below = [other[:-1] for other in line[: i + 1]]
            volume += (end - one[-1]) * hypervolume(below, reference[:-1])
    return volume
