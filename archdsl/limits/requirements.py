"""Holding a design to what its spec requires."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.catalog import every, find
from archdsl.diagnostics import Amount, Diagnostic, Severity
from archdsl.evaluate.frames import Frame
from archdsl.evaluate.measures import METER, Measure
from archdsl.evaluate.requirements import UNMET
from archdsl.evaluate.run import Run, no_choices
from archdsl.evaluate.scalars import Comparison, Constant, truth
from archdsl.limits.meter import Meter, bound
from archdsl.limits.telling import apart
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.cost.metric import Metric
    from archdsl.evaluate.program import Clauses, Evaluation, Program
    from archdsl.evaluate.requirements import Requirement


class Violation(NamedTuple):
    """A ``require`` that a design does not meet.

    For a comparison ``found`` and ``limit`` are its two sides, a written number the limit;
    ``measure`` is the metric on its left and ``metric`` what it measures, where a principle tells
    of such a limit: on memory or latency from above, on throughput from below.
    """

    requirement: Requirement
    found: Any = None
    limit: Any = None
    measure: Measure | None = None
    metric: Metric | None = None

    @property
    def because(self) -> str:
        message = self.requirement.message
        return f" ({message})" if message else ""

    @property
    def amount(self) -> Amount | None:
        """The two sides, where they are numbers or quantities of one dimension."""
        (found, dimension), (limit, other) = _plain(self.found), _plain(self.limit)
        if found is None or limit is None or dimension != other:
            return None
        return Amount(found, limit)


def _plain(value: Any) -> tuple[float | None, str]:
    """A value as a number and its dimension; None for what is none, or none that a float holds."""
    number, dimension = value if isinstance(value, Quantity) else (value, "")
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return None, ""
    return (number if abs(number) <= sys.float_info.max else None), dimension


def missed_requirements(program: Program, evaluation: Evaluation) -> list[Violation]:
    """The requirements that a design does not meet, in order.

    Raises :class:`~archdsl.diagnostics.SpecError` for a condition that makes no sense.
    """
    env = {**evaluation.values, METER: Meter(program, evaluation)}
    frame = Frame(env, "", 0, 0)
    run = Run(no_choices)
    return [
        _missed(program, requirement, evaluation.clauses, frame, run)
        for requirement in program.requirements
        if not truth(requirement.condition, frame, run)
    ]


def _missed(
    program: Program, requirement: Requirement, clauses: Clauses, frame: Frame, run: Run
) -> Violation:
    condition = requirement.condition
    if not isinstance(condition, Comparison):
        return Violation(requirement)
    left, right = condition.left, condition.right
    measure = left if isinstance(left, Measure) and _limits(condition.operator, left.name) else None
    metric = bound(program, measure, clauses) if measure is not None else None
    if isinstance(left, Constant) and not isinstance(right, Constant):  # `1 GiB >= memory(…)`
        left, right = right, left
    sides = left.value(frame, run), right.value(frame, run)
    return Violation(requirement, *sides, measure, metric)


def _limits(operator: str, word: str) -> bool:
    """Whether a principle tells of such a limit on a metric."""
    metric = find(word)
    return metric is not None and metric.limit is not None and operator in metric.limit.operators


@cache
def unsatisfied() -> frozenset[str]:
    """The codes of findings about a ``require`` that a design does not meet: the general one, and
    those of the principles that tell of limits on metrics."""
    return frozenset((UNMET, *(metric.limit.code for metric in every() if metric.limit)))


def only_misses(findings: Iterable[Diagnostic]) -> bool:
    """Whether the errors among some findings, if any, only miss what a spec requires."""
    wrong = (found for found in findings if found.severity is Severity.ERROR)
    return all(found.code in unsatisfied() for found in wrong)


def check_requirements(program: Program, evaluation: Evaluation) -> list[Diagnostic]:
    """A finding for each ``require`` that a design does not meet.

    Limits on metrics with principles of their own (memory, latency, throughput: P601 to P603) are
    left to those, which tell a way out. Raises :class:`~archdsl.diagnostics.SpecError` for what
    makes no sense.
    """
    _known_device(program, evaluation.clauses)
    missed = missed_requirements(program, evaluation)
    return [_finding(one) for one in missed if one.measure is None]


def _known_device(program: Program, clauses: Clauses) -> None:
    train = clauses.train
    if train is not None and train.device is not None:
        from archdsl.limits.devices import training_run  # few specs name a device

        training_run(program, clauses)


def _finding(missed: Violation) -> Diagnostic:
    condition = missed.requirement.condition
    found = "" if missed.limit is None else f": it is {apart(missed.found, missed.limit)[0]}"
    return Diagnostic(
        UNMET,
        f"`{condition.span.text}` does not hold{found}{missed.because}",
        condition.span,
        needed=f"`{condition.span.text}`",
        amount=missed.amount,
    )
