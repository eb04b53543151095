"""``search gp``: a Gaussian process, Optuna's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.extras import needed
from archdsl.searching.strategies.sampled import Sampled

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler


class Gp(Sampled):
    """Optuna's Gaussian process with a Matérn kernel and log expected improvement (of several
    objectives expected hypervolume improvement). For spaces of numbers; it takes a second or so
    for a design, ``surrogate`` a fraction of that. It learns of choices that all designs make."""

    def sampler(self, seed: int) -> BaseSampler:
        for package in ("torch", "scipy"):
            needed(package, "search gp")
        optuna = needed("optuna", "search gp")
        found: BaseSampler = optuna.samplers.GPSampler(
            n_startup_trials=1, seed=seed, warn_independent_sampling=False
        )
        return found
