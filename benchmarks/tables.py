"""Tables of published results instead of training: their designs as candidates of a search."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

from archdsl.searching.candidates import Candidate, Candidates
from archdsl.searching.moves import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    Design = dict[str, Any]


TRIES = 20  # designs drawn for one that is allowed, before they are listed


class Options:
    """A choice of a table: nothing but its options."""

    def __init__(self, labels: Sequence[Any]) -> None:
        self.labels = labels


class Table:
    """Where the designs of a table come from: any combination of ``options`` by path, or those of
    them that are ``allowed``."""

    def __init__(
        self,
        options: Mapping[str, Sequence[Any]],
        allowed: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> None:
        self.choices = tuple(Choice(p, tuple(o), Options(o)) for p, o in options.items())  # type: ignore[arg-type]
        self.allowed = allowed

    @cached_property
    def listed(self) -> list[Design]:
        names = [choice.path for choice in self.choices]
        combined = product(*(choice.options for choice in self.choices))
        designs = (dict(zip(names, values, strict=True)) for values in combined)
        return [design for design in designs if self.allowed is None or self.allowed(design)]

    @property
    def count(self) -> int:
        return len(self.listed)

    def drawn(self, random: Random) -> Design | None:
        for _ in range(TRIES):
            design = self._filled({}, random)
            if self.allowed is None or self.allowed(design):
                return design
        return dict(random.choice(self.listed)) if self.listed else None

    def nearest(
        self, wish: Mapping[str, Any], random: Random, fixed: Collection[str] = ()
    ) -> Design | None:
        filled = self._filled(wish, random)
        if self.allowed is None or (len(wish) == len(filled) and self.allowed(filled)):
            return filled
        held = [d for d in self.listed if all(d[name] == wish[name] for name in fixed)]
        least = min((_apart(design, wish) for design in held), default=0)
        nearest = [design for design in held if _apart(design, wish) == least]
        return dict(random.choice(nearest)) if nearest else None

    def _filled(self, wish: Mapping[str, Any], random: Random) -> Design:
        """A wish, and any option of what it leaves out."""
        return {
            c.path: wish[c.path] if c.path in wish else random.choice(c.options)
            for c in self.choices
        }

    def every(self, seed: int) -> Iterator[Design]:
        order = list(range(self.count))
        Random(seed).shuffle(order)
        return (dict(self.listed[i]) for i in order)


def _apart(design: Mapping[str, Any], wish: Mapping[str, Any]) -> int:
    return sum(design[name] != value for name, value in wish.items() if name in design)


class TableCandidates(Candidates):
    """The designs of a table as a search sees them; those of one ``key`` are one design."""

    def __init__(self, table: Table, key: Callable[[Mapping[str, Any]], str] = str) -> None:
        self.designs, self.key = table, key
        self.rejected, self.reasons = Counter(), {}

    def admitted(self, design: Mapping[str, Any] | None) -> Candidate | None:
        return None if design is None else Candidate(dict(design), self.key(design))
