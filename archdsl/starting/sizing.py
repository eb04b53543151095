"""The largest size of a family that fits, found by evaluating it and bisecting."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.counts import params
from archdsl.cost.metrics.memory import Training, training
from archdsl.evaluate.frames import Frame
from archdsl.evaluate.measures import METER
from archdsl.evaluate.run import Run
from archdsl.evaluate.scalars import Comparison
from archdsl.limits.meter import Meter
from archdsl.limits.requirements import missed_requirements
from archdsl.limits.telling import shown
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.spec.constants import Quantity
from archdsl.starting import clauses
from archdsl.starting.numbers import said
from archdsl.starting.thresholds import USUAL_MEMORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.evaluate.run import ChoicePoint
    from archdsl.limits.requirements import Violation
    from archdsl.starting.budget import Budget
    from archdsl.starting.families import Family, Size

    Allows = tuple[tuple[str, str], ...]

UNLIMITED = float("inf")
LEAST_BATCH = 8  # batch norm needs several samples to take a mean of


class SizedDesign(NamedTuple):
    """A size of a family as an ``arch``, evaluated. ``over`` says what it exceeds."""

    family: Family
    size: Size
    batch: int
    text: str
    program: Program
    evaluation: Evaluation
    over: tuple[str, ...] = ()

    @property
    def params(self) -> int:
        return params(self.evaluation.graph)


class Fit(NamedTuple):
    """The largest size that fits, and the next one if there is one, with what it exceeds."""

    trial: SizedDesign
    beyond: SizedDesign | None


def largest(family: Family, budget: Budget, sizes: Sequence[Size] = ()) -> Fit | SizedDesign:
    """The largest size within a budget of parameters and all limits; else the smallest size."""
    sizes = sizes or family.sizes()
    low, high = 0, len(sizes)
    best = attempt(family, sizes[0], budget)
    if best.over:
        return best
    beyond = None
    while high - low > 1:
        middle = (low + high) // 2
        trial = attempt(family, sizes[middle], budget)
        if trial.over:
            high, beyond = middle, trial
        else:
            low, best = middle, trial
    return Fit(best, beyond)


def attempt(family: Family, size: Size, budget: Budget) -> SizedDesign:
    """A size evaluated, with the largest usual batch that training has the memory for."""
    batch = clauses.first_batch(family.data)
    trial = evaluated(family, size, batch)
    missed = missed_requirements(trial.program, trial.evaluation)
    while batch > LEAST_BATCH and _is_short_of_memory(trial, missed):
        batch //= 2
        trial = evaluated(family, size, batch)
        missed = missed_requirements(trial.program, trial.evaluation)
    over = [_told(one) for one in missed]
    over += budget.exceeded(trial.evaluation.graph)
    return trial._replace(over=tuple(over))


def evaluated(family: Family, size: Size, batch: int, allows: Allows = ()) -> SizedDesign:
    """A size written and evaluated; ``allows`` are principles it may break, each with why."""
    text = arch(family, size, batch, allows)
    program = load(Source(family.blocks(size) + text, "<new>")).program()
    evaluation = program.evaluate(_first)
    return SizedDesign(family, size, batch, text, program, evaluation)


def arch(family: Family, size: Size, batch: int, allows: Allows = ()) -> str:
    """The ``arch`` of a family's size."""
    data = family.data
    head = [*clauses.data_clauses(data), clauses.task_clause(data)]
    head.append(clauses.train_clause(data, family, batch))
    limits = [] if family.is_baseline else clauses.require_clauses(data)
    limits += [f'allow {slug} because "{because}"' for slug, because in allows]
    parts = ["\n".join(head), "\n".join(limits), family.model(size)]
    inside = indent("\n\n".join(part for part in parts if part), "  ")
    return f"arch {family.name} {{\n{inside}\n}}\n"


def _is_short_of_memory(trial: SizedDesign, missed: list[Violation]) -> bool:
    """Whether training takes more memory than there is, or than usual where nobody said."""
    if any(isinstance(one.metric, Training) for one in missed):
        return True
    return clauses.training_memory(trial.family.data) is None and taken(trial) > USUAL_MEMORY


def taken(trial: SizedDesign) -> int:
    """The bytes that training takes."""
    graph, train = trial.evaluation.graph, trial.evaluation.clauses.train
    return training(graph, train, trial.batch).total


def _told(missed: Violation) -> str:
    """``latency(t4, batch=1) of 2 ms where 1 ms are allowed``"""
    what = missed.requirement.condition.span.text.partition(" <=")[0]
    times = _value(missed.found) / max(_value(missed.limit), 1e-12)
    return (
        f"{what} of {shown(missed.found)} where {shown(missed.limit)} are allowed"
        f" ({said(times)} times as much)"
    )


def _value(side: Any) -> float:
    return float(side.value if isinstance(side, Quantity) else side)


class Measured(NamedTuple):
    """A limit and what a design takes of it, in words."""

    subject: str
    found: str
    limit: str


def measured(trial: SizedDesign) -> list[Measured]:
    """What a design takes of each of its limits."""
    env = {**trial.evaluation.values, METER: Meter(trial.program, trial.evaluation)}
    frame, run = Frame(env, "", 0, 0), Run(_first)
    found = []
    for requirement in trial.program.requirements:
        condition = requirement.condition
        assert isinstance(condition, Comparison)
        subject = condition.span.text.partition(" <=")[0]
        sides = (condition.left.value(frame, run), condition.right.value(frame, run))
        found.append(Measured(subject, *map(shown, sides)))
    return found


def _first(path: str, point: ChoicePoint) -> int:
    return 0
