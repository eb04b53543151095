"""Holding a design to what its spec requires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.cost.measured import Setting, measured
from archdsl.cost.metrics import METRICS
from archdsl.design.frames import Frame
from archdsl.design.measures import METER, Measure
from archdsl.design.run import Run
from archdsl.design.scalars import Comparison, truth
from archdsl.diagnostics import Diagnostic
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.design.program import Evaluation, Program, Requirement


class Meter:
    """Measures one design; each metric at most once."""

    def __init__(self, program: Program, evaluation: Evaluation) -> None:
        train = program.clauses.train
        self.setting = Setting(evaluation.graph, train, program.devices)
        self.values: dict[str, Any] = {}

    def __call__(self, measure: Measure) -> Any:
        name = measure.name
        if name not in METRICS:
            return measured(measure, self.setting)
        if name not in self.values:
            self.values[name] = METRICS[name](self.setting.graph, self.setting.precision)
        return self.values[name]


def check_requirements(program: Program, evaluation: Evaluation) -> list[Diagnostic]:
    """A finding for each ``require`` that a design does not meet.

    Raises :class:`~archdsl.diagnostics.SpecError` for a condition that makes no sense.
    """
    env = {**evaluation.values, METER: Meter(program, evaluation)}
    frame = Frame(env, "", 0, 0)
    run = Run(_no_choices)
    run.answers.update({path: answer for path, _, answer in evaluation.asked})
    return [
        _missed(requirement, frame, run)
        for requirement in program.requirements
        if not truth(requirement.condition, frame, run)
    ]


def _no_choices(path: str, point: Any) -> int:
    return 0


def _missed(requirement: Requirement, frame: Frame, run: Run) -> Diagnostic:
    condition = requirement.condition
    found = ""
    if isinstance(condition, Comparison):
        found = f": it is {shown(condition.left.value(frame, run))}"
    because = f" ({requirement.message})" if requirement.message else ""
    return Diagnostic(
        "E430",
        f"`{condition.span.text}` does not hold{found}{because}",
        condition.span,
        needed=f"`{condition.span.text}`",
    )


def shown(value: Any) -> str:
    """A measured value with its unit."""
    if isinstance(value, Quantity):
        return _bytes(value.value) if value.dimension == "bytes" else f"{value.value:g} s"
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)


def _bytes(count: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:,.4g} {unit}"
        count /= 1024
    return f"{count:,.4g} TiB"
