"""What the best designs of a search have in common, held against all valid designs.

An option that half of all valid designs have says nothing when half of the best have it. What is
told of each option is how unlikely it were to be so frequent (or rare) among as many designs drawn
at random: the tail of a binomial distribution.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from math import comb
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.shares import shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.searching.candidates import Candidates

    Options = dict[tuple[type, Any], float]

DRAWN = 2_000  # designs from which shares are estimated, where they cannot be counted
UNLIKELY = 0.05  # traits are told that are no more likely than this to come by chance


class Trait(NamedTuple):
    """An option that the best designs take more often, or less, than valid designs do.

    ``best`` and ``valid`` are shares of the designs that make the choice at all; ``chance`` is the
    probability of a share at least so far off, among as many designs drawn at random.
    """

    path: str
    option: Any
    best: float
    valid: float
    chance: float


def traits(
    candidates: Candidates, best: Sequence[Mapping[str, Any]], most: float = UNLIKELY
) -> list[Trait]:
    """The traits of some designs, the least likely first. With many choices some of them come by
    chance, so each is held to ``most`` divided by how many options there are (Bonferroni)."""
    every = valid_shares(candidates)
    tested = sum(len(options) for options in every.values()) or 1
    found = [one for path, options in every.items() for one in _of_choice(path, options, best)]
    kept = [one for one in found if one.chance * tested <= most]
    return sorted(kept, key=lambda one: (one.chance, one.path, str(one.option)))


def _of_choice(path: str, valid: Options, best: Sequence[Mapping[str, Any]]) -> list[Trait]:
    taken = [(type(design[path]), design[path]) for design in best if path in design]
    if not taken:
        return []
    counts = Counter(taken)
    return [
        Trait(
            path, key[1], counts[key] / len(taken), share, _chance(counts[key], len(taken), share)
        )
        for key, share in valid.items()
    ]


def _chance(count: int, total: int, share: float) -> float:
    """How likely it is that of ``total`` draws, each with probability ``share``, at least so many
    (or, below what is expected, at most so many) are hits."""
    tail = range(count, total + 1) if count >= share * total else range(count + 1)
    return float(sum(comb(total, n) * share**n * (1 - share) ** (total - n) for n in tail))


def valid_shares(candidates: Candidates) -> dict[str, Options]:
    """Of each choice with options, the share that each of them has of the valid designs that make
    the choice: exact, or where that takes too much from designs drawn at random."""
    exact: dict[str, Options] = {}
    with suppress(Unexplorable):
        valid = candidates.space.valid()
        found = shares(valid.node) if valid.count else {}
        exact = {path: _normal(taken.options) for path, taken in found.items()}
    counted = exact or _drawn(candidates)
    known = {choice.path for choice in candidates.choices if not choice.is_continuous}
    return {path: options for path, options in counted.items() if path in known}


def _drawn(candidates: Candidates) -> dict[str, Options]:
    random = Random(0)
    counts: dict[str, Counter[tuple[type, Any]]] = {}
    for _ in range(DRAWN):
        for path, value in (candidates.designs.drawn(random) or {}).items():
            counts.setdefault(path, Counter())[type(value), value] += 1
    return {path: _normal(options) for path, options in counts.items()}


def _normal(options: Mapping[tuple[type, Any], int]) -> Options:
    total = sum(options.values()) or 1
    return {key: count / total for key, count in options.items()}
