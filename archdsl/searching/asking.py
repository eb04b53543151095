"""What a search is asked: what the spec's ``search`` clause says, and what a call says over it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import SpecError, did_you_mean
from archdsl.runtime.live.learning.progress import EPOCHS
from archdsl.searching.evaluators.loading import loading
from archdsl.searching.evaluators.named import refuse_malformed, refuse_unfit
from archdsl.searching.fidelity import pruning
from archdsl.searching.objectives import goals_of, needs_training
from archdsl.searching.plan import Execution, Plan
from archdsl.searching.records import TEST
from archdsl.searching.strategies import strategy as strategy_class
from archdsl.searching.strategies.base import Unsuitable
from archdsl.searching.troubles import (
    NO_STRATEGY,
    OF_THE_TEST,
    UNKNOWN_METRIC,
    UNSUITABLE,
    UNTRAINED,
    trouble,
)
from archdsl.spec.catalog import find, words
from archdsl.spec.search import Search as Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archdsl.evaluate.program import Clauses, Program
    from archdsl.examine import Judging
    from archdsl.searching.candidates import Candidate, Candidates
    from archdsl.searching.fidelity import Halving
    from archdsl.searching.objectives import Goal
    from archdsl.spec.task import Task

CLAUSE = "search"
DEFAULT = "auto"
WARM = 10  # designs of an earlier run that are tried first
CHANGING = ("data", "targets", "epochs")  # options that change what training comes to
TRAINING = "training"  # the evaluator that trains


@dataclass(frozen=True, kw_only=True)
class Asked(Execution):
    """What a call says over the ``search`` clause of the spec, and how the search is carried out
    (:class:`~archdsl.searching.plan.Execution`).

    ``data`` is what ``--data`` takes, ``targets`` the columns of a table to predict; ``evaluator``
    is a function, or its name as ``module:function``, instead of training; ``options`` are what
    its trials get (JSON). ``strategy``, ``trials``, ``seconds``, ``seed`` and ``prune`` go over the
    clause; ``epochs`` are those of a trial, where the spec shall not decide. ``designs`` are tried
    first, then the best of the run in the folder ``warm_start``, where they are sound here, too.
    """

    data: str | None = None
    targets: tuple[str, ...] = ()
    evaluator: str | Callable[..., Any] | None = None
    strategy: str | None = None
    trials: int | None = None
    seconds: float | None = None
    seed: int | None = None
    epochs: int | None = None
    prune: str | None = None
    designs: tuple[Mapping[str, Any], ...] = ()
    warm_start: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def clause_of(program: Program, asked: Asked) -> tuple[str, Clause]:
    """The strategy by its word, with its options: those of the clause where that names the same
    strategy, else its defaults with the clause's trials, time and seed. Raises
    :class:`~archdsl.searching.troubles.SearchError` for a word that is none."""
    said = program.clauses.search
    word = asked.strategy or (word_of(said) if said is not None else DEFAULT)
    model = find(CLAUSE, word)
    if model is None:
        known = words(CLAUSE)
        raise trouble(
            NO_STRATEGY,
            f"there is no strategy called `{word}`",
            needed=f"one of {', '.join(known)}",
            help=did_you_mean(word, known),
        )
    shared = {name: getattr(said, name) for name in Clause.model_fields} if said else {}
    clause = said if isinstance(said, model) else model.model_construct(**shared)
    over = {
        "trials": asked.trials,
        "time": asked.seconds,
        "seed": asked.seed,
        "prune": asked.prune,
    }
    found: Any = clause.model_copy(update={k: v for k, v in over.items() if v is not None})
    return word, found


def word_of(clause: Clause) -> str:
    """The word of the language for a strategy."""
    return type(clause).__module__.rpartition(".")[2]


def plan_of(judging: Judging, candidates: Candidates, asked: Asked) -> Plan:
    """The plan of a search. Raises :class:`~archdsl.searching.troubles.SearchError` for what cannot
    be, and :class:`~archdsl.diagnostics.SpecError` for a given design that is none."""
    program = judging.program
    goals = goals_of(program)
    word, clause = clause_of(program, asked)
    evaluator = _evaluator(goals, asked, program.clauses.task)
    made = _strategy(word, clause, goals)
    options = {**asked.options}
    if evaluator == TRAINING:
        options |= {"data": asked.data, "targets": list(asked.targets), "epochs": asked.epochs}
        options["metrics"] = sorted({name for goal in goals for name in goal.reads})
    return Plan(
        objectives=goals,
        strategy=made,
        evaluator=evaluator,
        named={"strategy": word, **_told(clause)},
        options=options,
        evaluated={name: options[name] for name in CHANGING if name in options},
        trials=clause.trials,
        seconds=clause.time,
        seed=clause.seed,
        starts=_starts(candidates, asked),
        pruning=_pruning(clause, goals, epochs_of(program.clauses, asked.epochs)),
        loaded=loading(program.clauses.data) if evaluator == TRAINING else (),
        **asked.execution,
    )


def _told(clause: Clause) -> dict[str, Any]:
    own = set(type(clause).model_fields) - set(Clause.model_fields)
    return {name: getattr(clause, name) for name in sorted(own)}


def _pruning(clause: Clause, goals: Sequence[Goal], epochs: int) -> Halving | None:
    """What ends trials early: by the first objective that reads what is reported."""
    directions = [goal.direction for goal in goals if goal.reads]
    return pruning(clause, directions[0], epochs) if directions else None  # type: ignore[arg-type]


def epochs_of(clauses: Clauses, asked: int | None) -> int:
    """The epochs of a trial under some clauses, where training evaluates, or those ``asked``."""
    train = clauses.train
    return asked or (train.epochs if train is not None else None) or EPOCHS


def _strategy(word: str, clause: Clause, goals: Sequence[Goal]) -> Callable[[Candidates], Any]:
    directions = tuple(goal.direction for goal in goals)

    def made(candidates: Candidates) -> Any:
        try:
            return strategy_class(word)(candidates, directions, clause, clause.seed)  # type: ignore[arg-type]
        except Unsuitable as error:
            raise trouble(UNSUITABLE, str(error)) from None

    return made


def _starts(candidates: Candidates, asked: Asked) -> tuple[Candidate, ...]:
    """What is tried first: given designs, each of which has to be sound, and the best of an earlier
    run, of which those are left out that are not."""
    found = list(map(candidates.candidate, asked.designs))
    for design in _best_of(asked.warm_start) if asked.warm_start else ():
        with suppress(SpecError):
            found.append(candidates.candidate(design))
    return tuple({one.key: one for one in found}.values())


def _best_of(folder: str) -> list[Mapping[str, Any]]:
    """The best designs of a run, its front first. Raises
    :class:`~archdsl.searching.troubles.SearchError` where there is no run."""
    from archdsl.searching.results.gathering import results

    return [tried.design for tried in results(folder).ordered[:WARM]]


def _evaluator(
    goals: Sequence[Goal], asked: Asked, task: Task | None
) -> str | Callable[..., Any] | None:
    """What makes values of designs; None where the objectives follow from the designs alone."""
    _refuse_contradictions(asked)
    reads = [name for goal in goals for name in goal.reads]
    for name in reads:
        if name.startswith(TEST):
            raise _sees_the_test(name)
    if asked.evaluator is not None:
        _refuse_unusable(asked.evaluator)
        return asked.evaluator
    if not needs_training(tuple(goals)):
        return None
    for name in reads:
        _refuse_unknown(name, task)
    if asked.data is None and not _are_scores(reads):
        raise _has_no_data(reads)
    return TRAINING


def _refuse_contradictions(asked: Asked) -> None:
    if asked.targets and asked.data is None:
        message = "targets are columns of a table to predict, and there are no data"
        raise trouble(UNTRAINED, message, needed="data (`--data D`), or no targets (`--target`)")
    if asked.evaluator is not None and asked.data is not None:
        message = "--data is what training learns from, and --evaluator stands in for training"
        raise trouble(UNTRAINED, message, needed="one of the two")


def _refuse_unusable(evaluator: str | Callable[..., Any]) -> None:
    if isinstance(evaluator, str):
        refuse_malformed(evaluator)
    else:
        refuse_unfit(evaluator, getattr(evaluator, "__name__", "evaluator"))


def _has_no_data(reads: Sequence[str]) -> Exception:
    known = " and ".join(f"`{name}`" for name in dict.fromkeys(reads))
    return trouble(
        UNTRAINED,
        f"{known} {'is' if len(set(reads)) == 1 else 'are'} known once a design is trained, "
        "and there is nothing to train on",
        needed="data (`--data D`), or `--evaluator module:function`",
        help="to search without training, `minimize` or `maximize` what a design has by "
        "itself, such as `params` or `latency(t4)`",
    )


def _are_scores(names: Sequence[str]) -> bool:
    """Whether all are training-free scores, which random inputs are enough for."""
    from archdsl.runtime.live.scores import list_scores

    return set(names) <= set(list_scores())


def _refuse_unknown(name: str, task: Task | None) -> None:
    from archdsl.runtime.live.learning.metric import metrics_of
    from archdsl.runtime.live.learning.metric import words as measured
    from archdsl.runtime.live.scores import list_scores

    is_several = task is not None and len(task.heads) > 1
    known = (*(metrics_of(task, is_costly=True) if is_several else measured()), *list_scores())
    if name not in known:
        raise trouble(
            UNKNOWN_METRIC,
            f"training does not report `{name}`",
            needed=f"one of {', '.join(known)}",
            help=did_you_mean(name, known) or "`--evaluator module:function` reports what you like",
        )


def _sees_the_test(name: str) -> Exception:
    message = f"`{name}` is of the samples for testing, and a search never sees them"
    return trouble(
        OF_THE_TEST, message, needed=f"`metric({name.removeprefix(TEST)})`, of those for validation"
    )
