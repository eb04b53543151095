"""``search nsga2``: generations of designs, the best of them crossed and mutated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.extras import needed
from archdsl.searching.strategies.sampled import Sampled

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler
    from optuna.study import Study
    from optuna.trial import FrozenTrial


class Nsga2(Sampled):
    """NSGA-II (Deb et al. 2002), through Optuna: of each generation of ``population`` trials and
    their parents those that are beaten least, and least crowded, are the parents of the next."""

    fills_absent = True

    @property
    def startup(self) -> int:
        return int(self.options.population)

    def sampler(self, seed: int) -> BaseSampler:
        optuna = needed("optuna", "search nsga2")
        size = self.startup

        class ByNumber(optuna.samplers.NSGAIISampler):  # type: ignore[misc,name-defined]
            """Generations by the numbers of trials: nothing has to be noted in a study."""

            def get_trial_generation(self, study: Study, trial: FrozenTrial) -> int:
                return trial.number // size

            def get_population(self, study: Study, generation: int) -> list[FrozenTrial]:
                complete = optuna.trial.TrialState.COMPLETE
                trials = study.get_trials(deepcopy=False, states=[complete])
                return [one for one in trials if one.number // size == generation]

        found: BaseSampler = ByNumber(population_size=size, seed=seed)
        return found
