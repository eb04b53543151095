"""How long a search will take, found out by trying: one design of middling size is evaluated for
some epochs and for one more; what others take follows from their multiply-accumulates."""

from __future__ import annotations

import time
from math import ceil
from pathlib import Path
from random import Random
from statistics import fmean, median_low
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.counts import macs
from archdsl.rendering.spans_of_time import lasting
from archdsl.searching.asking import TRAINING, epochs_of
from archdsl.searching.evaluators.named import evaluator_of
from archdsl.searching.evaluators.trial import Trial

if TYPE_CHECKING:
    from archdsl.searching.search import Prepared

DRAWN = 32  # designs whose costs are looked at
OWN = 0.02  # seconds that the engine takes for a trial


class Estimate(NamedTuple):
    """``designs`` are all valid ones (None: not known); ``each`` the mean seconds of a trial,
    ``slowest`` those of the largest design that was looked at; ``total`` the seconds of the whole
    search on ``workers``, which ``limit`` may cut short."""

    designs: int | None
    trials: int | None
    workers: int
    each: float
    slowest: float
    total: float | None
    limit: float | None

    def lines(self) -> list[str]:
        """In words."""
        space = "too many designs to count" if self.designs is None else f"{self.designs:,} designs"
        told = [f"The space has {space} that meet every requirement."]
        told.append(
            f"A trial takes about {lasting(self.each)}, the largest {lasting(self.slowest)}."
        )
        if self.total is not None:
            told.append(
                f"{self.trials:,} trials on {self.workers} worker"
                f"{'s' if self.workers > 1 else ''} take about {lasting(self.total)}."
            )
        if self.limit is not None:
            told.append(f"The search ends after {lasting(self.limit)} at the latest.")
        return told


def estimated(search: Prepared) -> Estimate:
    """An estimate from a few designs. Evaluating them raises what the evaluator raises."""
    candidates, plan = search.candidates, search.plan
    random = Random(plan.seed)
    found = [one for _ in range(DRAWN) if (one := candidates.drawn(random)) is not None]
    sizes = {one.key: macs(candidates.evaluation(one.design).graph) for one in found}
    trials = plan.trials
    if trials is not None and candidates.count is not None:
        trials = min(trials, candidates.count)
    if not found or plan.evaluator is None:
        total = None if trials is None else trials * OWN
        return Estimate(candidates.count, trials, plan.workers or 1, OWN, OWN, total, plan.seconds)
    middle = median_low(sizes.values())
    design = next(one.design for one in found if sizes[one.key] == middle)
    fixed, epoch = _taken(search, design)
    epochs = _epochs(search, design)
    workers = plan.workers or 1
    each = [fixed + epochs * epoch * max(size, 1) / max(middle, 1) + OWN for size in sizes.values()]
    mean = fmean(each)
    total = None if trials is None else trials * mean / workers
    return Estimate(candidates.count, trials, workers, mean, max(each), total, plan.seconds)


def _epochs(search: Prepared, design: dict[str, object]) -> int:
    """Epochs of a trial; one of an evaluator of the user's, which is timed as a whole."""
    if search.plan.evaluator != TRAINING:
        return 1
    clauses = search.candidates.evaluation(design).clauses
    return epochs_of(clauses, search.plan.options.get("epochs"))


def _taken(search: Prepared, design: dict[str, object]) -> tuple[float, float]:
    """The seconds that a trial takes besides its epochs, and those of an epoch."""
    if search.plan.evaluator != TRAINING:
        return 0.0, _timed(search, design, {})
    train = search.candidates.evaluation(design).clauses.train
    few = 1 + ceil(
        train.warmup if train is not None else 0
    )  # no fewer, for something to warm up to
    _timed(search, design, {"epochs": few})  # imports, and whatever else is slow once
    less, more = (_timed(search, design, {"epochs": epochs}) for epochs in (few, few + 1))
    epoch = max(more - less, less / 100)
    return max(less - few * epoch, 0.0), epoch


def _timed(search: Prepared, design: dict[str, object], over: dict[str, object]) -> float:
    plan = search.plan
    named = plan.evaluator
    assert named is not None
    evaluate = evaluator_of(named) if isinstance(named, str) else named
    options = {**plan.options, **over}
    with TemporaryDirectory() as folder:
        trial = Trial(search.subject, 0, design, plan.seed, Path(folder), options)
        began = time.perf_counter()
        evaluate(trial)
        return time.perf_counter() - began
