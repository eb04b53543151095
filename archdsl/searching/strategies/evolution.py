"""``search evolution``: regularised evolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.searching.strategies.base import Strategy, finished, keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from archdsl.searching.candidates import Candidate
    from archdsl.searching.records import Tried


class Evolution(Strategy):
    """Regularised evolution (Real et al. 2019, arXiv:1802.01548).

    The population are the trials that finished last, so that the oldest one leaves for each that
    comes. The best of a ``tournament`` is mutated: one choice is changed, and what has to give way
    so that the design stays valid. With a probability of ``crossover`` it is the nearest design to
    a mixture of the best of two tournaments instead. Before there is a population, designs are
    drawn at random.
    """

    def propose(self, number: int, trials: Sequence[Tried]) -> Candidate | None:
        random = self.random(number)
        population = finished(trials)[-self.options.population :]
        if len(trials) < self.options.population or not population:
            return self.candidates.unseen(keys(trials), random)
        return self.fresh(self._children(population, random), trials, random)

    def _children(self, population: Sequence[Tried], random: Random) -> Iterator[Candidate | None]:
        while True:
            one = self._parent(population, random).design
            if random.random() < self.options.crossover:
                other = self._parent(population, random).design
                yield self.candidates.crossed(one, other, random)
            else:
                yield self.candidates.mutated(one, random)

    def _parent(self, population: Sequence[Tried], random: Random) -> Tried:
        size = min(self.options.tournament, len(population))
        return self.ranked(random.sample(population, size))[0]
