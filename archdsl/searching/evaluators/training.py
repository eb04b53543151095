"""Trains each design on given data: what ``archdsl search --data`` evaluates by.

Reports the metrics on the samples for validation after each epoch. What is measured on the samples
for testing is kept besides, under names that begin with ``test_``; no objective reads those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl import stages
from archdsl.diagnostics import SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.evaluate.program import Evaluation
    from archdsl.runtime.live.learning.progress import Epoch, Learned, Options
    from archdsl.runtime.live.learning.splits import Splits
    from archdsl.searching.evaluators.trial import Trial

TEST = "test_"
CHECKPOINT = "checkpoint.safetensors"
WEIGHTS = "weights.safetensors"
NOTHING = float("nan")  # the metrics of a training that came to no numbers


def evaluate(trial: Trial) -> Mapping[str, float]:
    """The metrics of a design, trained; with those that need no training where nothing else is
    asked for. ``trial.options`` hold ``data``, ``target``, ``epochs`` and the ``metrics`` wanted.
    """
    from archdsl.runtime.live.scores import list_scores

    work = _work(trial)
    wanted = trial.options["metrics"]
    scores = [name for name in wanted if name in list_scores()]
    found = {name: _scored(name, work.evaluation, trial.seed) for name in scores}
    others = [name for name in wanted if name not in scores]
    if others or not scores:
        found |= _trained(trial, work, others)
    return found


def _work(trial: Trial) -> stages.Work:
    source, root, arch, terms = trial.subject
    work = stages.run(stages.Work(source, root, arch, trial.design, terms), stages.STAGES[:3])
    if work.failed or work.evaluation is None:
        raise SpecError(*work.findings)
    return work


def _scored(name: str, evaluation: Evaluation | None, seed: int) -> float:
    from archdsl.runtime.live.scoring import scored

    assert evaluation is not None
    return scored(name, evaluation.graph, evaluation.clauses, seed=seed)


def _trained(trial: Trial, work: stages.Work, wanted: list[str]) -> dict[str, float]:
    from archdsl.runtime.live.learning.loop import learn
    from archdsl.runtime.live.learning.metric import metrics_of

    assert work.evaluation is not None
    graph, clauses = work.evaluation.graph, work.evaluation.clauses
    options = _options(trial, work)
    words = dict.fromkeys((*metrics_of(clauses.task), *wanted))
    options = options._replace(metrics=tuple(words))
    checkpoint = trial.folder / CHECKPOINT
    splits = _splits(trial, work.evaluation, options)

    def report(epoch: Epoch) -> None:
        trial.report(epoch.number, epoch.validation)

    learned = learn(graph, clauses, splits, options, report, checkpoint)
    found = _metrics(learned, wanted)
    _keep(trial, learned)
    checkpoint.unlink(missing_ok=True)
    return found


def _options(trial: Trial, work: stages.Work) -> Options:
    from archdsl.training import options_of

    return options_of(work, epochs=trial.options.get("epochs"), seed=trial.seed)


def _splits(trial: Trial, evaluation: Evaluation, options: Options) -> Splits:
    """The same samples in the same parts for each trial."""
    from archdsl.runtime.live.data.fitting import fitted
    from archdsl.runtime.live.data.sources import read
    from archdsl.runtime.live.learning.settled import device_of
    from archdsl.runtime.live.learning.splits import fed

    samples = read(trial.options["data"], tuple(trial.options["target"]))
    data = fitted(samples, evaluation.clauses.data, evaluation.clauses.task)
    device = device_of(options.device)
    return fed(data, evaluation.graph, evaluation.clauses, trial.seed, device)


def _metrics(learned: Learned, wanted: list[str]) -> dict[str, float]:
    if not learned.best:
        return dict.fromkeys(wanted, NOTHING)
    tested: dict[str, Any] = learned.test()
    return {**learned.metrics, **{f"{TEST}{name}": value for name, value in tested.items()}}


def _keep(trial: Trial, learned: Learned) -> None:
    """The weights of the best epoch."""
    from archdsl.content import replace
    from archdsl.runtime.live.learning.checkpoints import packed

    if learned.best:
        replace(trial.folder / WEIGHTS, packed(learned.module.state_dict()))
