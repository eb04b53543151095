"""Successive halving: trials that are behind at certain epochs are not gone on with.

Asynchronous successive halving (Li et al., 2020, "A System for Massively Parallel Hyperparameter
Tuning", arXiv:1810.05934) in the form that stops trials and waits for none: at epochs ``first``,
``first * factor``, ``first * factor ** 2`` …, a trial goes on if it is among the best
1 / ``factor`` of those that came so far. With several ``brackets``, as in Hyperband (Li et al.,
2018, arXiv:1603.06560), each trial belongs to one of them, by its number; a later bracket begins
to stop trials ``factor`` times later, for what begins slowly, and compares its own alone.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Halving(NamedTuple):
    """Stops trials that are behind (:class:`~archdsl.searching.plan.Pruning`). ``direction`` is
    that of the first objective that reads what is reported."""

    direction: str
    first: int = 1
    factor: int = 3
    brackets: int = 1

    def stops(self, number: int, epoch: int, curves: Mapping[int, Mapping[int, float]]) -> bool:
        """Whether a trial stops that has just reported an epoch."""
        bracket = number % self.brackets
        if not self._is_rung(epoch, bracket) or epoch not in curves.get(number, {}):
            return False
        sign = 1 if self.direction == "minimize" else -1
        mine = sign * curves[number][epoch]
        rivals = [
            sign * curve[epoch]
            for other, curve in curves.items()
            if other % self.brackets == bracket and epoch in curve
        ]
        return sum(rival < mine for rival in rivals) >= ceil(len(rivals) / self.factor)

    def _is_rung(self, epoch: int, bracket: int) -> bool:
        rung = self.first
        while bracket or rung < epoch:
            rung, bracket = rung * self.factor, max(0, bracket - 1)
        return rung == epoch
