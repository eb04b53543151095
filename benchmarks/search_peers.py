"""Searches of other libraries, and ones as they were published, over tables of options.

Each takes the options of each choice, what evaluates a design, how often it may, and a seed. A
design that was tried before costs a trial again: none of them looks out for that.
"""

from __future__ import annotations

import random
import warnings
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Options = Mapping[str, Sequence[Any]]
    Evaluate = Callable[[dict[str, Any]], float]
    Peer = Callable[[Options, Evaluate, int, int], None]


def drawn(options: Options, evaluate: Evaluate, budget: int, seed: int) -> None:
    """Each choice drawn evenly."""
    source = random.Random(seed)
    for _ in range(budget):
        evaluate(_any(options, source))


def evolved(options: Options, evaluate: Evaluate, budget: int, seed: int) -> None:
    """Regularised evolution as published (Real et al. 2019): a population of 50, the best of 10
    drawn is mutated, the oldest leaves."""
    source = random.Random(seed)
    population: deque[tuple[float, dict[str, Any]]] = deque(maxlen=50)
    for number in range(budget):
        if number < 50:
            design = _any(options, source)
        else:
            _, best = max(source.sample(list(population), 10), key=lambda one: one[0])
            path = source.choice(list(options))
            others = [label for label in options[path] if label != best[path]]
            design = {**best, path: source.choice(others)}
        population.append((evaluate(design), design))


def _any(options: Options, source: random.Random) -> dict[str, Any]:
    return {path: source.choice(labels) for path, labels in options.items()}


def optuna_tpe(options: Options, evaluate: Evaluate, budget: int, seed: int) -> None:
    """Optuna's TPESampler, as it comes."""
    import optuna

    _optuna(optuna.samplers.TPESampler(seed=seed), options, evaluate, budget)


def optuna_nsga2(options: Options, evaluate: Evaluate, budget: int, seed: int) -> None:
    """Optuna's NSGAIISampler, as it comes."""
    import optuna

    _optuna(optuna.samplers.NSGAIISampler(seed=seed), options, evaluate, budget)


def _optuna(sampler: Any, options: Options, evaluate: Evaluate, budget: int) -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=sampler)

    def objective(trial: Any) -> float:
        return evaluate({p: trial.suggest_categorical(p, labels) for p, labels in options.items()})

    study.optimize(objective, n_trials=budget)


def pyglove_evolution(options: Options, evaluate: Evaluate, budget: int, seed: int) -> None:
    """PyGlove's regularised evolution with the same population and tournament."""
    import pyglove as pg

    space = pg.Dict({path: pg.oneof(list(labels)) for path, labels in options.items()})
    algorithm = pg.evolution.regularized_evolution(
        mutator=pg.evolution.mutators.Uniform(seed=seed),
        population_size=50,
        tournament_size=10,
        seed=seed,
    )
    for design, feedback in pg.sample(space, algorithm, num_examples=budget):
        feedback(evaluate(dict(design)))


def neps_evolution(options: Options, evaluate: Evaluate, budget: int, seed: int) -> None:
    """NePS's regularised evolution, as it comes."""
    _neps("neps_regularized_evolution", options, evaluate, budget, seed)


def neps_bayesian(options: Options, evaluate: Evaluate, budget: int, seed: int) -> None:
    """NePS's Bayesian optimisation, as it comes."""
    _neps("bayesian_optimization", options, evaluate, budget, seed)


def _neps(word: str, options: Options, evaluate: Evaluate, budget: int, seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import neps
        import numpy as np
        import torch

        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        choices = {path: neps.Categorical(choices=tuple(c)) for path, c in options.items()}
        space = type("Space", (neps.PipelineSpace,), choices)()
        search = neps.AskAndTell(optimizer=getattr(neps.algorithms, word)(space))
        for _ in range(budget):
            trial = search.ask()
            search.tell(trial.id, -evaluate(_from_neps(trial.config, options)))


def _from_neps(config: Mapping[str, Any], options: Options) -> dict[str, Any]:
    """A configuration by path: NePS tells a label, or the place of one under a longer name."""
    named = {name.partition("::")[0].rpartition(".")[2]: value for name, value in config.items()}
    return {
        path: labels[named[path]] if isinstance(named[path], int) else named[path]
        for path, labels in options.items()
    }


class Known(NamedTuple):
    """A peer: what it ``runs``, the ``module`` that it needs and the ``package`` that has it, on
    how many ``seeds`` and for how many ``trials`` at most."""

    runs: Peer
    module: str = ""
    package: str = ""
    seeds: int = 100
    trials: int = 200


NEPS = "neural-pipeline-search"
PEERS = {
    "random, as published": Known(drawn),
    "evolution, as published": Known(evolved),
    "Optuna TPE": Known(optuna_tpe, "optuna", "optuna"),
    "Optuna NSGA-II": Known(optuna_nsga2, "optuna", "optuna"),
    "PyGlove evolution": Known(pyglove_evolution, "pyglove", "pyglove", seeds=30),
    "NePS evolution": Known(neps_evolution, "neps", NEPS, seeds=30),
    "NePS Bayesian": Known(neps_bayesian, "neps", NEPS, seeds=5, trials=100),
}
