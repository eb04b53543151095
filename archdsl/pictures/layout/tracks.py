"""The horizontal lines in the gap between two parts of a stack.

A tensor comes down at one distance from the axis and goes on at another. Where it leaves a place
that another one moves to, it does so above that one, so that no two run over each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NEAR = 2.0
Move = tuple[int, float]  # a line, and where it leads to


class Group(NamedTuple):
    """Bends on one line: for each link from where to where."""

    bends: dict[int, tuple[float, float]]

    @property
    def starts(self) -> set[float]:
        return {start for start, _ in self.bends.values()}

    @property
    def ends(self) -> set[float]:
        return {end for _, end in self.bends.values()}

    @property
    def reach(self) -> tuple[float, float]:
        xs = self.starts | self.ends
        return min(xs), max(xs)


def moves(
    bends: dict[int, tuple[float, float]], tensor: Callable[[int], str]
) -> dict[int, list[Move]]:
    """For each link the lines that it moves along, from above."""
    waiting = _groups(bends, tensor)
    placed: list[tuple[int, Group]] = []
    found: dict[int, list[Move]] = {number: [] for number in bends}
    while waiting:
        at = next((at for at, one in enumerate(waiting) if _is_free(one, waiting)), None)
        group = waiting.pop(at or 0)
        if at is None and len(group.bends) == 1:  # two change places: one goes half of the way
            ((number, (start, end)),) = group.bends.items()
            middle = _between(start, end, bends)
            group = Group({number: (start, middle)})
            waiting.append(Group({number: (middle, end)}))
        line = _line(group, placed)
        placed.append((line, group))
        for number, (_, end) in group.bends.items():
            found[number].append((line, end))
    return found


def _groups(bends: dict[int, tuple[float, float]], tensor: Callable[[int], str]) -> list[Group]:
    """Bends of one tensor together, and those that all lead to one place."""
    of: dict[str, dict[int, tuple[float, float]]] = {}
    for number, bend in bends.items():
        of.setdefault(tensor(number), {})[number] = bend
    found: dict[float | str, dict[int, tuple[float, float]]] = {}
    for name, some in of.items():
        ends = {end for _, end in some.values()}
        alone = len(ends) == 1 and not ends & {start for start, _ in bends.values()}
        key: float | str = next(iter(ends)) if alone else name
        found.setdefault(key, {}).update(some)
    return [Group(some) for some in found.values()]


def _between(start: float, end: float, bends: dict[int, tuple[float, float]]) -> float:
    """A place between two where nothing else comes down or goes on."""
    taken = {x for bend in bends.values() for x in bend}
    shares = (number / 16 for number in (8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13))
    places = [start + (end - start) * share for share in shares]
    free = (x for x in places if all(abs(x - other) > NEAR for other in taken))
    return next(free, places[0])


def _is_free(group: Group, waiting: Iterable[Group]) -> bool:
    """Whether nothing has yet to leave the places that it leads to."""
    return not any(other is not group and other.starts & group.ends for other in waiting)


def _line(group: Group, placed: list[tuple[int, Group]]) -> int:
    """The first line on which it meets none, below those that it waited for."""
    low, high = group.reach
    line = 0
    for other_line, other in placed:
        if other.starts & group.ends or other.ends & group.starts:
            line = max(line, other_line + 1)
    taken = {
        other_line
        for other_line, other in placed
        if not (high < other.reach[0] or other.reach[1] < low)
    }
    while line in taken:
        line += 1
    return line
