"""Trains each design on given data: what ``archdsl search --data`` evaluates by.

Reports the metrics on the samples for validation after each epoch. What is measured on the samples
for testing is kept besides, under names that begin with ``test_``; no objective reads those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl import stages
from archdsl.diagnostics import SpecError
from archdsl.runtime.extras import BadInput
from archdsl.searching.records import TEST
from archdsl.searching.sharing import SHARED
from archdsl.searching.sharing import found as shared
from archdsl.searching.weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.evaluate.program import Evaluation
    from archdsl.runtime.live.data.given import Given
    from archdsl.runtime.live.learning.prepared import Prepared
    from archdsl.runtime.live.learning.progress import Epoch, Learned, Options
    from archdsl.searching.evaluators.trial import Trial

CHECKPOINT = "checkpoint.safetensors"

NOTHING = float("nan")  # the metrics of a training that came to no numbers


def evaluate(trial: Trial) -> Mapping[str, float]:
    """The metrics of a design, trained; training-free scores alone where nothing else is wanted.
    ``trial.options`` hold ``data`` (None: scores are of random inputs), ``targets``, ``epochs`` and
    the ``metrics`` wanted.
    """
    from archdsl.runtime.live.scores import list_scores

    work = _work(trial)
    assert work.evaluation is not None
    wanted = trial.options["metrics"]
    scores = [name for name in wanted if name in list_scores()]
    others = [name for name in wanted if name not in scores]
    data = _data(trial, work.evaluation)
    found = {name: _scored(name, work.evaluation, data, trial.seed) for name in scores}
    if others:
        assert data is not None
        found |= _trained(trial, work, data, others)
    return found


def _work(trial: Trial) -> stages.Work:
    source, root, arch, terms = trial.subject
    work = stages.run(stages.Work(source, root, arch, trial.design, terms), stages.STAGES[:3])
    if work.failed or work.evaluation is None:
        raise SpecError(*work.findings)
    return work


def _data(trial: Trial, evaluation: Evaluation) -> Given | Prepared | None:
    """What is trained on: as the search prepared it, else read anew. Raises BadInput for what
    holds something else by now."""
    from archdsl.runtime.live.data.given import given
    from archdsl.runtime.live.data.identity import digest
    from archdsl.runtime.live.learning.prepared import Origin

    where, option = trial.options["data"], trial.options.get(SHARED)
    if where is None:
        return None
    clauses, targets = evaluation.clauses, tuple(trial.options["targets"])
    contents, *of = option["of"] if option else ("",)
    origin = Origin.of(contents, clauses.data, clauses.task, trial.seed)
    ready = shared(option, origin)
    if ready is not None:
        return ready
    read = given(where, clauses.data, clauses.task, targets)
    if of == [*origin[1:]] and digest(read) != contents:
        raise BadInput(f"{where} holds other data than when the search began")
    return read


def _scored(name: str, evaluation: Evaluation, data: Given | Prepared | None, seed: int) -> float:
    """A training-free score, on samples for training where there are data."""
    from archdsl.runtime.live.learning.feeding import scored_on
    from archdsl.runtime.live.scoring import scored

    graph, clauses = evaluation.graph, evaluation.clauses
    batches = None if data is None else scored_on(data, graph, clauses, seed)
    return scored(name, graph, clauses, batches, seed)


def _trained(
    trial: Trial, work: stages.Work, data: Given | Prepared, wanted: list[str]
) -> dict[str, float]:
    from archdsl.runtime.live.learning.feeding import fed
    from archdsl.runtime.live.learning.loop import learn
    from archdsl.runtime.live.learning.metric import metrics_of

    assert work.evaluation is not None
    graph, clauses = work.evaluation.graph, work.evaluation.clauses
    options = _options(trial, work)
    words = dict.fromkeys((*metrics_of(clauses.task), *wanted))
    options = options._replace(metrics=tuple(words))
    checkpoint = trial.folder / CHECKPOINT
    splits = fed(data, graph, clauses, trial.seed, options.device)

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
