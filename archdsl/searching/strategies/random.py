"""``search random``: any design that is sound, each as likely as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.searching.strategies.base import Strategy, keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.searching.candidates import Candidate
    from archdsl.searching.records import Tried


class Random(Strategy):
    """Uniform over the sound designs, none twice: what every other strategy has to beat."""

    is_sequential = False

    def propose(self, number: int, trials: Sequence[Tried]) -> Candidate | None:
        return self.candidates.unseen(keys(trials), self.random(number))
