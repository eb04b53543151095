"""``search local``: from design to better design, one choice at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.searching.fronts import beats
from archdsl.searching.strategies.base import Strategy, keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.searching.candidates import Candidate, Candidates
    from archdsl.searching.records import Tried
    from archdsl.searching.strategies.base import Direction
    from archdsl.spec.search import Search


class _Climb(NamedTuple):
    """Where a climb stands: the best trial of it, and the keys of its neighbours."""

    at: Tried
    around: frozenset[str]


class Local(Strategy):
    """Local search (White et al. 2021, arXiv:2005.02960).

    After ``startup`` random designs the neighbours of the best one are tried, those that differ in
    one choice; as soon as one is better, its neighbours. Where none is, the search starts again
    from the best of as many random designs. With several objectives a neighbour is better that
    beats the trial in all of them.
    """

    def __init__(
        self,
        candidates: Candidates,
        directions: Sequence[Direction],
        options: Search,
        seed: int,
    ) -> None:
        super().__init__(candidates, directions, options, seed)
        self._known: dict[str, list[Candidate]] = {}

    def propose(self, number: int, trials: Sequence[Tried]) -> Candidate | None:
        random, climb = self.random(number), self._climb(trials)
        if climb is None:
            return self.candidates.unseen(keys(trials), random)
        seen = keys(trials)
        left = (one for one in self._neighbours(climb.at) if one.key not in seen)
        return next(left, None) or self.candidates.unseen(seen, random)

    def _climb(self, trials: Sequence[Tried]) -> _Climb | None:
        """Where the trials so far have come to; None while it starts, or starts again."""
        climb: _Climb | None = None
        starts: list[Tried] = []
        seen: set[str] = set()
        for trial in sorted(trials, key=lambda trial: trial.number):
            seen.add(trial.key)
            if climb is None:
                starts.append(trial)
                best = self.ranked(starts)[:1] if len(starts) >= self.options.startup else []
                climb = self._from(best[0]) if best else None
            elif trial.key in climb.around and self._is_better(trial, climb.at):
                climb = self._from(trial)
            if climb is not None and climb.around <= seen:
                climb, starts = None, []
        return climb

    def _from(self, trial: Tried) -> _Climb:
        return _Climb(trial, frozenset(one.key for one in self._neighbours(trial)))

    def _neighbours(self, trial: Tried) -> list[Candidate]:
        if trial.key not in self._known:
            random = self.random(trial.number, "neighbours")
            self._known[trial.key] = list(self.candidates.neighbours(trial.design, random))
        return self._known[trial.key]

    def _is_better(self, trial: Tried, than: Tried) -> bool:
        return trial.values is not None and beats(self.losses(trial), self.losses(than))
