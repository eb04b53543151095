"""A model beside simpler ones on the same data: does it earn its size?"""

from __future__ import annotations

from math import inf, isfinite
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.ladder import Budget, Clock
from archdsl.runtime.live.learning.feeding import augment_of
from archdsl.runtime.live.learning.loop import learn
from archdsl.runtime.live.learning.measuring import measured
from archdsl.runtime.live.learning.metric import is_share
from archdsl.runtime.live.learning.progress import DIVERGED, EPOCHS, Options
from archdsl.runtime.live.learning.splits import in_batches, parted
from archdsl.runtime.live.optimizers import train_or_adam
from archdsl.runtime.live.tallies import Answers
from archdsl.runtime.live.tasks import live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.arrays import Parts
    from archdsl.runtime.live.data.fitting import Fitted
    from archdsl.runtime.live.ladder import Rung
    from archdsl.runtime.live.tasks import LiveTask
    from archdsl.spec.task import Task
    from archdsl.types import TensorType

MARGIN = 0.05  # of the best baseline's error, by which a model has to be better


class Scored(NamedTuple):
    """One candidate over all seeds. ``errors`` are shares of wrong answers, or root mean squares
    in standard deviations of the target, infinite where training diverged; ``scores`` accuracy,
    R², or what else the task is scored by."""

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
    score: str
    is_share: bool  # whether the error is told in percent

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
) -> dict[str, BaselineComparison]:
    """Train everything on each of the seeds' splits; the first seed is that of the spec. A
    comparison for each task by its name, of a single one without a name: the model learns all of
    them together, a baseline one alone. Raises :class:`BadInput` where no task is of samples."""
    assert clauses.task is not None  # fitted data are of a task
    settings = train_or_adam(clauses.train)
    budget = Budget(settings.epochs or EPOCHS, seconds, settings.batch)
    is_validated = settings.patience is not None
    splits = [parted(data, settings.seed + turn, is_validated) for turn in range(seeds)]
    apart = [live(clauses.task).apart(split, clauses.data) for split in splits]
    tasks = {name: live(one) for name, one in clauses.task.heads if name in apart[0]}
    if not tasks:
        raise BadInput("baselines are of samples, and no task has one answer for each of them")
    baselines = {
        name: tuple(_scored(name, task, data.takes, [one[name] for one in apart], budget, progress))
        for name, task in tasks.items()
    }
    progress(f"training {graph.name}")
    runs = [_learned(graph, clauses, parts, budget, tasks) for parts in splits]
    learned, tested = len(splits[0].learned.y), len(splits[0].test.y)
    return {
        name: BaselineComparison(
            _over(graph.name, [run[name] for run in runs], budget),
            baselines[name],
            budget,
            learned,
            tested,
            *task.called,
            is_share(task.judges[0]),
        )
        for name, task in tasks.items()
    }


class _Result(NamedTuple):
    """One candidate on one split, and the seconds that training took."""

    error: float
    score: float
    seconds: float


def _learned(
    graph: Graph,
    clauses: Clauses,
    parts: Parts,
    budget: Budget,
    tasks: Mapping[str, LiveTask[Task]],
) -> dict[str, _Result]:
    """What the model comes to in each task on one split."""
    options = Options(budget.epochs, parts.seed, budget.seconds)
    train, augment = train_or_adam(clauses.train), augment_of(clauses)
    given = in_batches(parts, graph, train, None, augment, clauses.task)
    learned = learn(graph, clauses, given, options)
    if learned.ended == DIVERGED:
        return dict.fromkeys(tasks, _Result(inf, -inf, learned.seconds))
    metrics = learned.test()
    return {
        name: _Result(*task.compared(_own(metrics, name)), learned.seconds)
        for name, task in tasks.items()
    }


def _own(metrics: Mapping[str, float], name: str) -> Mapping[str, float]:
    """The metrics of one task, without its name."""
    if not name:
        return metrics
    front = f"{name}."
    return {
        word.removeprefix(front): value for word, value in metrics.items() if word.startswith(front)
    }


def _scored(
    name: str,
    task: LiveTask[Task],
    takes: TensorType,
    splits: list[Parts],
    budget: Budget,
    progress: Callable[[str], None],
) -> Iterator[Scored]:
    """The baselines of a task."""
    of = f" for {name}" if name else ""
    for called, rung in task.baselines(takes).items():
        progress(f"training {called}{of}")
        candidate = _judged(rung, task)
        yield _over(called, [candidate(parts, budget) for parts in splits], budget)


def _over(name: str, runs: list[_Result], budget: Budget) -> Scored:
    """A candidate over all splits."""
    errors, scores, seconds = zip(*runs, strict=True)
    return Scored(name, errors, scores, fmean(seconds), max(seconds) > budget.seconds)


def _judged(rung: Rung, task: LiveTask[Task]) -> Callable[[Parts, Budget], _Result]:
    """A baseline, trained and measured as the model is."""

    def candidate(parts: Parts, budget: Budget) -> _Result:
        import torch

        clock = Clock(budget)
        predict = rung(parts, budget)
        seconds = clock.seconds
        found, asked = (torch.as_tensor(y) for y in (predict(parts.test.x), parts.test.y))
        words = task.judges
        given = measured(words, {"": parts.classes}, [{"": Answers(found, asked)}])
        return _Result(*task.compared(given), seconds)

    return candidate
