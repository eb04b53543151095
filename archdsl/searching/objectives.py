"""What a search looks for: the ``maximize`` and ``minimize`` of a spec, as numbers of a design."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.frames import Frame
from archdsl.evaluate.measures import METER, REPORTER, reported_in
from archdsl.evaluate.run import Run, no_choices
from archdsl.limits.meter import Meter
from archdsl.space.metrics import sort_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.evaluate.scalars import Scalar


class Unreported(Exception):
    """A metric that an objective reads was not reported, or is no number; ``name`` is the metric,
    ``reported`` what was told instead, None for nothing."""

    def __init__(self, name: str, reported: Any = None) -> None:
        said = "was not reported" if reported is None else f"was reported as {reported!r}"
        super().__init__(f"`{name}` {said}")
        self.name = name
        self.reported = reported


class Goal(NamedTuple):
    """One objective: ``text`` as it stands in the spec; ``direction`` is ``maximize`` or
    ``minimize``; ``reads`` are the names that have to be reported for it (none where it follows
    from the design alone).

    ``metric`` is None for what a spec without objectives is searched for: the one name read.
    """

    text: str
    direction: str
    reads: tuple[str, ...]
    metric: Scalar | None = None

    def value(self, program: Program, evaluation: Evaluation, reported: Mapping[str, Any]) -> float:
        """Its value for a design and what was reported of it, bytes and seconds as plain numbers.

        Raises :class:`Unreported`, and :class:`~archdsl.diagnostics.SpecError` for arithmetic that
        makes no sense (a division by zero).
        """

        def reporter(name: str) -> float:
            return _number(name, reported.get(name))

        if self.metric is None:
            return reporter(self.reads[0])
        meter = Meter(program, evaluation)
        env = {**program.constants, **evaluation.values, METER: meter, REPORTER: reporter}
        value = float(sort_key(self.metric.value(Frame(env, "", 0, 0), Run(no_choices))))
        if not isfinite(value):
            raise Unreported(self.text, value)
        return value


def goals_of(program: Program) -> tuple[Goal, ...]:
    """The objectives of a spec, in order. Without any it is what the task names, else the loss."""
    if program.objectives:
        return tuple(
            Goal(
                one.metric.span.text,
                one.direction,
                tuple(dict.fromkeys(reported_in(one.metric))),
                one.metric,
            )
            for one in program.objectives
        )
    task = program.clauses.task
    direction, metric = ("minimize", "loss") if task is None else task.objective
    return (Goal(metric, direction, (metric,)),)


def needs_training(goals: tuple[Goal, ...]) -> bool:
    """Whether something has to be reported of a design before its objectives are known."""
    return any(goal.reads for goal in goals)


def _number(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise Unreported(name, value) from None
    if not isfinite(number):
        raise Unreported(name, number)
    return number
