"""What a strategy is: it proposes designs, from a seed and the trials so far and nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from archdsl.searching.fronts import as_losses, order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archdsl.searching.candidates import Candidate, Candidates
    from archdsl.searching.records import Tried
    from archdsl.spec.search import Search

    Direction = Literal["minimize", "maximize"]

TRIES = 32  # offers in a row that were tried before, after which any design left is taken


class Unsuitable(ValueError):
    """A strategy that cannot search this space, or not for these objectives; says which can."""


class Strategy(ABC):
    """Proposes designs. It keeps no state: what it proposes follows from the seed, the number of
    the trial and the trials so far, so that a search goes on after a crash, on another machine and
    with any number of workers. What an object remembers only saves it work.

    Raises :class:`Unsuitable`, when it is made, for a space or objectives that are not for it.
    """

    is_sequential: ClassVar[bool] = True
    """Whether proposals depend on results. Where they do not, the same seed gives the same trials
    with any number of workers; where they do, it does so with one."""

    takes_several: ClassVar[bool] = True
    """Whether it searches for several objectives at once."""

    def __init__(
        self,
        candidates: Candidates,
        directions: Sequence[Direction],
        options: Search,
        seed: int,
    ) -> None:
        self.candidates = candidates
        self.directions = tuple(directions)
        self.options: Any = options
        self.seed = seed
        if len(self.directions) > 1 and not self.takes_several:
            word = type(self).__module__.rpartition(".")[2]
            raise Unsuitable(
                f"{word} searches for one objective, and there are {len(self.directions)}:"
                " nsga2, tpe, evolution, surrogate and auto search for several"
            )

    @abstractmethod
    def propose(self, number: int, trials: Sequence[Tried]) -> Candidate | None:
        """The design of trial ``number``, after all trials with lower numbers: one whose key is not
        among theirs. None when no sound design is left."""

    def random(self, number: int, purpose: str = "") -> Random:
        """Random numbers of one trial: the same in every process."""
        return Random(f"{self.seed} {number} {purpose}".rstrip())

    def losses(self, trial: Tried) -> tuple[float, ...]:
        """The values of a finished trial, turned so that less is better in each."""
        return as_losses(trial.values or (), self.directions)

    def ranked(self, trials: Iterable[Tried]) -> list[Tried]:
        """Finished trials, the best first: by their value; with several objectives those that none
        beats before those that only these beat, and so on, less crowded ones before others (Deb et
        al. 2002). Those of equal rank in the order of their numbers."""
        found = finished(trials)
        return [found[i] for i in order([self.losses(one) for one in found])]

    def fresh(
        self, offers: Iterable[Candidate | None], trials: Iterable[Tried], random: Random
    ) -> Candidate | None:
        """The first offer that was not tried yet; after many that were, any design left."""
        seen = keys(trials)
        for _, offer in zip(range(TRIES), offers, strict=False):
            if offer is not None and offer.key not in seen:
                return offer
        return self.candidates.unseen(seen, random)


def keys(trials: Iterable[Tried]) -> set[str]:
    """What was tried: finished, failed or running."""
    return {trial.key for trial in trials}


def finished(trials: Iterable[Tried]) -> list[Tried]:
    """Those that have values, in the order of their numbers."""
    return sorted((t for t in trials if t.values is not None), key=lambda trial: trial.number)
