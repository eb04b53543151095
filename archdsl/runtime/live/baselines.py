"""A model beside simpler ones on the same data: does it earn its size?"""

from __future__ import annotations

from math import inf, isfinite
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.live.ladder import Budget, Clock, Diverged, rungs
from archdsl.runtime.live.optimizers import train_or_adam
from archdsl.runtime.live.splits import split
from archdsl.runtime.live.training import train

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.data.fitting import Fitted
    from archdsl.runtime.live.data.samples import Array
    from archdsl.runtime.live.ladder import Rung
    from archdsl.runtime.live.splits import Split

MARGIN = 0.05  # of the best baseline's error, by which a model has to be better
EPOCHS = 30  # where the spec does not say


class Scored(NamedTuple):
    """One candidate over all seeds. ``errors`` are shares of wrong answers, or root mean squares
    in standard deviations of the target, infinite where training diverged; ``scores`` accuracy,
    or R²."""

    name: str
    errors: tuple[float, ...]
    scores: tuple[float, ...]
    seconds: float
    is_cut: bool  # whether a run ended for want of time

    @property
    def error(self) -> float:
        return fmean(self.errors)

    @property
    def score(self) -> float:
        return fmean(self.scores)

    @property
    def diverged(self) -> bool:
        return not isfinite(self.error)

    @property
    def spread(self) -> float:
        """Standard deviation of the error over the seeds."""
        return inf if self.diverged else pstdev(self.errors)


class BaselineComparison(NamedTuple):
    """``gain`` is the share of the best baseline's error that the model saves; None where there is
    none to save, or the model diverged."""

    model: Scored
    baselines: tuple[Scored, ...]
    budget: Budget
    learned: int
    tested: int
    metric: str

    @property
    def best(self) -> Scored:
        return min(self.baselines, key=lambda scored: scored.error)

    @property
    def gain(self) -> float | None:
        if self.model.diverged or not self.best.error:
            return None
        return 1 - self.model.error / self.best.error

    @property
    def beats(self) -> bool:
        return self.model.error < (1 - MARGIN) * self.best.error

    @property
    def is_within_chance(self) -> bool:
        """Whether the two differ by less than one of them does from seed to seed."""
        if len(self.model.errors) == 1 or self.model.diverged:
            return False
        spread = max(self.model.spread, self.best.spread)
        return abs(self.model.error - self.best.error) <= spread


def compare(
    graph: Graph,
    clauses: Clauses,
    data: Fitted,
    seeds: int,
    seconds: float,
    progress: Callable[[str], None],
) -> BaselineComparison:
    """Train everything on each of the seeds' splits; the first seed is that of the spec."""
    settings = train_or_adam(clauses.train)
    budget = Budget(settings.epochs or EPOCHS, seconds, settings.batch)
    splits = [split(data, settings.seed + turn) for turn in range(seeds)]
    assert clauses.task is not None
    task = clauses.task

    def itself(part: Split, budget: Budget) -> Callable[[Array], Array]:
        return train(graph, task, settings, part, budget)

    candidates = {**rungs(data.takes, data.classes), graph.name: itself}
    *baselines, model = _scored(candidates, splits, budget, progress)
    learned, tested = len(splits[0].learn.y), len(splits[0].test.y)
    metric = "error rate" if data.classes else "RMSE"
    return BaselineComparison(model, tuple(baselines), budget, learned, tested, metric)


def _scored(
    candidates: dict[str, Rung],
    splits: list[Split],
    budget: Budget,
    progress: Callable[[str], None],
) -> Iterator[Scored]:
    for name, rung in candidates.items():
        progress(f"training {name}")
        runs = [_run(rung, part, budget) for part in splits]
        errors, scores, seconds = zip(*runs, strict=True)
        yield Scored(name, errors, scores, fmean(seconds), max(seconds) > budget.seconds)


def _run(rung: Rung, part: Split, budget: Budget) -> tuple[float, float, float]:
    """Error, score and seconds of training for one candidate on one split."""
    clock = Clock(budget)
    predict = rung(part, budget)
    seconds = clock.seconds
    try:
        return *_judged(predict(part.test.x), part), seconds
    except Diverged:
        return inf, -inf, seconds


def _judged(found: Array, part: Split) -> tuple[float, float]:
    """Error and score of predictions for the samples put aside."""
    from sklearn import metrics

    truth = part.test.y
    if part.classes:
        score = float(metrics.accuracy_score(truth, found))
        return 1 - score, score
    error = float(metrics.root_mean_squared_error(truth.ravel(), found.ravel()))
    return error, float(metrics.r2_score(truth, found))
