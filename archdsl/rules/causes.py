"""Which choices cause a finding that only some designs of a space have."""

from __future__ import annotations

from itertools import combinations
from typing import Any

NAMED = 3  # causes named at most
PAIRED = 40  # values of one design whose pairs are tried as a cause

Cause = tuple[tuple[str, Any], ...]  # values of choices that together cause a finding


def shown(cause: Cause) -> str:
    """``depth=12, width=8``, in backticks."""
    return "`" + ", ".join(f"{path}={value}" for path, value in cause) + "`"


def has(design: dict[str, Any], cause: Cause) -> bool:
    """Whether a design has all values of a cause."""
    return all(path in design and design[path] == value for path, value in cause)


def causes(fired: set[int], designs: list[dict[str, Any]], whole: bool) -> list[Cause]:
    """Values of choices such that every design with them has the finding; the most frequent first.

    ``fired`` are the indices of the designs with the finding, ``whole`` says whether ``designs``
    are all of the space.
    """
    having = _having(designs)
    enough = 1 if whole else 2  # one design of a sample shows nothing
    sole: dict[Cause, set[int]] = {
        (pair,): having[pair]
        for pair in having
        if len(having[pair]) >= enough and having[pair] <= fired
    }
    return _cover(sole, fired) or _pairs(fired, designs, having, enough)


def _having(designs: list[dict[str, Any]]) -> dict[tuple[str, Any], set[int]]:
    having: dict[tuple[str, Any], set[int]] = {}
    for index, design in enumerate(designs):
        for pair in design.items():
            having.setdefault(pair, set()).add(index)
    return having


def _cover(sole: dict[Cause, set[int]], fired: set[int]) -> list[Cause]:
    """A few causes that cover the designs, chosen greedily: each covers designs that the causes
    before it do not."""
    left, chosen = set(fired), list[Cause]()
    while sole and left and len(chosen) < NAMED:
        best = max(sole, key=lambda cause: len(sole[cause] & left))
        if not sole[best] & left:
            break
        chosen.append(best)
        left -= sole[best]
    return chosen


def _pairs(
    fired: set[int],
    designs: list[dict[str, Any]],
    having: dict[tuple[str, Any], set[int]],
    enough: int,
) -> list[Cause]:
    """Two values that cause the finding together, where neither does alone."""
    pairs = tuple(designs[min(fired)].items())[:PAIRED]
    both: dict[Cause, set[int]] = {
        (one, other): having[one] & having[other] for one, other in combinations(pairs, 2)
    }
    sure = {cause: s for cause, s in both.items() if len(s) >= enough and s <= fired}
    return _cover(sure, fired)[:1]
