"""How much each choice matters for being among the best of the trials.

By PED-ANOVA (Watanabe, Bansal and Hutter 2023, arXiv:2304.10255) as Optuna has it: how differently
the best trials and all trials choose. It reads trials alone, which the search picked, so a choice
that it soon settled comes out small. Values shuffled among the trials say how large it comes out by
chance.
"""

from __future__ import annotations

import warnings
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.runtime.extras import needing
from archdsl.searching.fronts import as_losses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from optuna.study import Study
    from optuna.trial import FrozenTrial

    from archdsl.searching.records import Objective, Tried

FEWEST = 20  # complete trials from which something is said
TOP = 0.1  # share of the trials that are the best ones
TOP_FEWEST = 5  # of them
SHUFFLES = 19  # being above all of them comes by chance in one case of 20


class Weight(NamedTuple):
    """A choice: its ``share`` of the importance of all, and in how many of the trials it is
    ``made`` at all (a choice inside an option that was not taken is not)."""

    path: str
    share: float
    made: int
    above_chance: bool


class Importance(NamedTuple):
    """What matters for one objective: for being among the ``best`` of the ``trials``.

    ``weights`` the largest first; ``chance`` is the share up to which a choice comes by chance;
    ``unjudged`` are choices of which too little was seen.
    """

    objective: Objective
    best: int
    trials: int
    weights: tuple[Weight, ...]
    chance: float
    unjudged: tuple[str, ...]


def importance_of(
    trials: Sequence[Tried], objectives: Sequence[Objective], distributions: Mapping[str, str]
) -> tuple[Importance, ...]:
    """The importance of choices for each objective; nothing where complete trials are too few, or
    all came to the same. ``distributions`` are the choices in Optuna's JSON."""
    if len(trials) < FEWEST:
        return ()
    with needing("importance"):
        study = _study(distributions, trials)
    if not any(trial.params for trial in study.trials):
        return ()
    found = (_of(study, trials, place, one) for place, one in enumerate(objectives))
    return tuple(one for one in found if one is not None)


def _study(distributions: Mapping[str, str], trials: Sequence[Tried]) -> Study:
    """The trials for Optuna, their number as their value."""
    import optuna

    from archdsl.searching.run.params import scalar

    known = {
        name: optuna.distributions.json_to_distribution(text)
        for name, text in distributions.items()
    }
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(storage=optuna.storages.InMemoryStorage())
    made = [[name for name in tried.design if name in known] for tried in trials]
    study.add_trials(
        [
            optuna.create_trial(
                value=float(place),
                params={name: scalar(tried.design[name]) for name in names},
                distributions={name: known[name] for name in names},
            )
            for place, (tried, names) in enumerate(zip(trials, made, strict=True))
        ]
    )
    return study


def _of(
    study: Study, trials: Sequence[Tried], place: int, objective: Objective
) -> Importance | None:
    values = [(tried.values or ())[place] for tried in trials]
    losses = as_losses(values, [objective.direction] * len(values))
    if min(losses) == max(losses):
        return None
    share = max(TOP, TOP_FEWEST / len(trials))
    judged = _judged(study, losses, share)
    whole = sum(judged.values())
    if not whole:
        return None
    random, most = Random(0), 0.0
    for _ in range(SHUFFLES):
        shuffled = random.sample(losses, len(losses))
        most = max(most, *_judged(study, shuffled, share).values())
    made = {name: sum(name in tried.design for tried in trials) for name in judged}
    weights = [
        Weight(name, value / whole, made[name], value > most) for name, value in judged.items()
    ]
    weights.sort(key=lambda one: (-one.share, one.path))
    chosen = {name: None for tried in trials for name in tried.design}
    unjudged = tuple(name for name in chosen if name not in judged)
    best = sum(loss <= sorted(losses)[round(share * len(losses)) - 1] for loss in losses)
    return Importance(objective, best, len(trials), tuple(weights), most / whole, unjudged)


def _judged(study: Study, losses: Sequence[float], share: float) -> dict[str, float]:
    from optuna.importance import PedAnovaImportanceEvaluator

    evaluator = PedAnovaImportanceEvaluator(target_quantile=share)
    target: Callable[[FrozenTrial], Any] = lambda trial: losses[round(trial.value or 0)]  # noqa: E731
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(evaluator.evaluate(study, target=target))
