"""Strategies whose proposals a sampler of Optuna makes: it wishes, and the design nearest to the
wish is tried."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import needed
from archdsl.searching.scales import Scale
from archdsl.searching.strategies.base import Strategy, keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler
    from optuna.study import Study
    from optuna.trial import FrozenTrial

    from archdsl.searching.candidates import Candidate
    from archdsl.searching.records import Tried

WISHES = 8  # that may be tried designs; then those near the last of them


class Sampled(Strategy):
    """Asks a sampler of Optuna. It is given the trials so far as a study in memory, made anew for
    each proposal: a sampler keeps nothing, as no strategy does. The first ``startup`` trials are
    sound designs drawn at random."""

    fills_absent = False
    """Whether a choice that a design does not make has a value for the sampler nevertheless."""

    @abstractmethod
    def sampler(self, seed: int) -> BaseSampler:
        """The sampler, with a seed of one trial."""

    @property
    def startup(self) -> int:
        """How many designs are drawn at random first."""
        return int(self.options.startup)

    def propose(self, number: int, trials: Sequence[Tried]) -> Candidate | None:
        random = self.random(number)
        if len(trials) < self.startup or not any(trial.values for trial in trials):
            return self.candidates.unseen(keys(trials), random)
        with _quietly():
            return self.fresh(self._offers(trials, random), trials, random)

    def _offers(self, trials: Sequence[Tried], random: Random) -> Iterator[Candidate | None]:
        """What the sampler wishes, as sound designs; then designs near to that."""
        study = self._study(trials, random.getrandbits(32))
        near: Candidate | None = None
        for _ in range(WISHES):
            near = self.candidates.nearest(self._wish(study), random) or near
            yield near
        while near is not None:
            yield self.candidates.mutated(near.design, random)

    @cached_property
    def _scales(self) -> dict[str, Scale]:
        return {choice.path: Scale(choice) for choice in self.candidates.choices}

    @cached_property
    def _distributions(self) -> dict[str, BaseDistribution]:
        return {path: _distribution(scale) for path, scale in self._scales.items()}

    def _wish(self, study: Study) -> dict[str, Any]:
        asked = study.ask(self._distributions).params
        return {
            path: value if self._scales[path].is_continuous else self._scales[path].options[value]
            for path, value in asked.items()
        }

    def _study(self, trials: Sequence[Tried], seed: int) -> Study:
        optuna = needed("optuna", "this strategy")
        study: Study = optuna.create_study(
            sampler=self.sampler(seed), directions=list(self.directions)
        )
        for trial in sorted(trials, key=lambda trial: trial.number):
            study.add_trial(self._frozen(trial))
        return study

    def _frozen(self, trial: Tried) -> FrozenTrial:
        optuna = needed("optuna", "this strategy")
        states = optuna.trial.TrialState
        unfinished = states.FAIL if trial.failed else states.RUNNING
        params = self._params(trial)
        found: FrozenTrial = optuna.trial.create_trial(
            state=states.COMPLETE if trial.values else unfinished,
            values=list(trial.values) if trial.values else None,
            params=params,
            distributions={path: self._distributions[path] for path in params},
        )
        return found

    def _params(self, trial: Tried) -> dict[str, Any]:
        made = {path: self._number(path, trial.design) for path in self._scales}
        if self.fills_absent:
            random = self.random(trial.number, trial.key)
            made = {
                path: self._scales[path].point.at(random.random()) if value is None else value
                for path, value in made.items()
            }
        return {path: value for path, value in made.items() if value is not None}

    def _number(self, path: str, design: Mapping[str, Any]) -> int | float | None:
        """A value of a design as the sampler knows it: the place of an option, or the number."""
        if path not in design:
            return None
        scale = self._scales[path]
        return float(design[path]) if scale.is_continuous else scale.place(design[path])


def _distribution(scale: Scale) -> BaseDistribution:
    optuna = needed("optuna", "this strategy")
    found: BaseDistribution
    if scale.is_continuous:
        point = scale.point
        found = optuna.distributions.FloatDistribution(point.low, point.high, log=point.log)
    elif scale.is_ordered:
        found = optuna.distributions.IntDistribution(0, scale.size - 1)
    else:
        found = optuna.distributions.CategoricalDistribution(tuple(range(scale.size)))
    return found


@contextmanager
def _quietly() -> Iterator[None]:
    """Without what Optuna says of studies that nobody sees."""
    optuna = needed("optuna", "this strategy")
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(level)
