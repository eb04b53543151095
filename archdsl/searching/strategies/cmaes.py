"""``search cmaes``: a distribution over designs that moves to where the good ones are."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import needed
from archdsl.searching.scales import Scale
from archdsl.searching.strategies.base import Strategy, finished, keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from archdsl.searching.candidates import Candidate
    from archdsl.searching.records import Tried

PURPOSE = "search cmaes"
WISHES = 8  # that may be tried designs; then those near the last of them


class Cmaes(Strategy):
    """CMA-ES for continuous, ordered and other choices together (CatCMA with margin, Hamano et al.
    2025, arXiv:2504.07884), by the package ``cmaes`` that is Optuna's too.

    Each generation of ``population`` finished trials moves the distribution that the next designs
    are drawn from. It is told the designs that were tried, so nothing has to be kept of those that
    were wished for; that is why it is not asked through a study.
    """

    takes_several = False

    def propose(self, number: int, trials: Sequence[Tried]) -> Candidate | None:
        random, known = self.random(number), finished(trials)
        if not self._scales or len(known) < self._new(0).population_size:
            return self.candidates.unseen(keys(trials), random)
        return self.fresh(self._offers(known, random), trials, random)

    def _offers(self, known: Sequence[Tried], random: Random) -> Iterator[Candidate | None]:
        optimizer = self._new(random.getrandbits(32))
        rest = iter(known)
        for _ in range(len(known) // optimizer.population_size):
            generation = islice(rest, optimizer.population_size)
            told = [(self._solution(one), self.losses(one)[0]) for one in generation]
            optimizer.tell(told)
        near: Candidate | None = None
        for _ in range(WISHES):
            near = self.candidates.nearest(self._wish(optimizer.ask()), random) or near
            yield near
        while near is not None:
            yield self.candidates.mutated(near.design, random)

    @cached_property
    def _scales(self) -> tuple[Scale, ...]:
        """Continuous choices, then ordered ones, then others: the order of the package."""
        scales = [Scale(choice) for choice in self.candidates.choices]
        return tuple(sorted(scales, key=lambda one: (not one.is_continuous, not one.is_ordered)))

    def _new(self, seed: int) -> Any:
        needed("scipy", PURPOSE)
        package = needed("cmaes", PURPOSE)
        ordered = [one for one in self._scales if one.is_ordered and not one.is_continuous]
        others = [one.size for one in self._scales if not one.is_ordered]
        return package.CatCMAwM(
            x_space=[[0.0, 1.0] for one in self._scales if one.is_continuous] or None,
            z_space=[list(range(one.size)) for one in ordered] or None,
            c_space=others or None,
            population_size=self.options.population,
            seed=seed,
        )

    def _solution(self, trial: Tried) -> Any:
        """What was tried, as the package knows it; choices that are not made have any value."""
        np = needed("numpy", PURPOSE)
        random = self.random(trial.number, trial.key)
        x: list[float] = []
        z: list[int] = []
        places: list[int] = []
        for scale in self._scales:
            value = trial.design.get(scale.path)
            if scale.is_continuous:
                share = None if value is None else scale.share(value)
                x.append(random.random() if share is None else share)
            else:
                place = None if value is None else scale.place(value)
                found = random.randrange(scale.size) if place is None else place
                (z if scale.is_ordered else places).append(found)
        most = max((one.size for one in self._scales if not one.is_ordered), default=0)
        chosen = np.eye(most, dtype=bool)[places] if places else None
        return needed("cmaes", PURPOSE).CatCMAwM.Solution(
            np.array(x) if x else None,
            np.array(z) if z else None,
            chosen,
            np.array([*x, *z], dtype=float) if x or z else None,
        )

    def _wish(self, asked: Any) -> dict[str, Any]:
        continuous = iter(() if asked.x is None else asked.x)
        ordered = iter(() if asked.z is None else asked.z)
        chosen = iter(() if asked.c is None else asked.c.argmax(1))
        found: dict[str, Any] = {}
        for scale in self._scales:
            if scale.is_continuous:
                found[scale.path] = scale.point.at(float(next(continuous)))
            else:
                place = int(next(ordered if scale.is_ordered else chosen))
                found[scale.path] = scale.options[place]
        return found
