"""Which known name somebody meant: one that is spelt nearly like what is written, or none."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SUBSTITUTED = 1.5  # what another letter counts; one too many, one missing, two exchanged count 1
MOST = 3.0


def likeliest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like one, or an empty string where none is alike.

    Capitals and `_` count for nothing. The longer the name, the more of it may differ: of four
    letters one may be missing, too many or exchanged with the next, of eight two may.
    """
    plain = _plain(name)
    best, least = "", MOST + 1
    for candidate in dict.fromkeys(known):
        other = _plain(candidate)
        allowed = min(MOST, max(len(plain), len(other)) / 4 + 0.25)
        if at_least(plain, other) > allowed:
            continue
        apart = distance(plain, other)
        if apart <= allowed and apart < least:
            best, least = candidate, apart
    return best or _longer(plain, known)


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _longer(plain: str, known: Iterable[str]) -> str:
    """The first of the names that begin with all of one which is half as long at least."""
    found = (k for k in known if plain and _plain(k).startswith(plain))
    return next((k for k in found if 2 * len(plain) >= len(_plain(k))), "")


def at_least(one: str, other: str) -> float:
    """What it takes at least, told by the letters that only one of the texts has."""
    if abs(len(one) - len(other)) > MOST:
        return MOST + 1
    mine, its = Counter(one), Counter(other)
    few, many = sorted(((mine - its).total(), (its - mine).total()))
    return few * SUBSTITUTED + many - few


def distance(one: str, other: str) -> float:
    """What it takes to turn one text into another."""
    before: list[float] = []
    row = [float(n) for n in range(len(other) + 1)]
    for i, a in enumerate(one, 1):
        last, row = row, [float(i)]
        for j, b in enumerate(other, 1):
            costs = [last[j] + 1, row[j - 1] + 1, last[j - 1] + SUBSTITUTED * (a != b)]
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                costs.append(before[j - 2] + 1)
            row.append(min(costs))
        before = last
    return row[-1]
