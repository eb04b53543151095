"""``search tpe``: tree-structured Parzen estimators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.extras import needed
from archdsl.searching.strategies.sampled import Sampled

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler


class Tpe(Sampled):
    """Tree-structured Parzen estimators (Bergstra et al. 2011; of several objectives Ozaki et al.
    2022), through Optuna: all choices that designs make together are looked at together, and
    designs that still run count as bad ones."""

    def sampler(self, seed: int) -> BaseSampler:
        optuna = needed("optuna", "search tpe")
        found: BaseSampler = optuna.samplers.TPESampler(
            n_startup_trials=1, multivariate=True, group=True, constant_liar=True, seed=seed
        )
        return found
