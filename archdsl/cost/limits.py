"""Holding a design to what its spec requires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.cost.metrics import METRICS
from archdsl.design.frames import Frame
from archdsl.design.measures import METER, Measure, Unmeasured
from archdsl.design.run import Run
from archdsl.design.scalars import Comparison, truth
from archdsl.diagnostics import Diagnostic, Severity
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.design.program import Evaluation, Program, Requirement


class Meter:
    """Measures one design; each metric at most once."""

    def __init__(self, program: Program, evaluation: Evaluation) -> None:
        train = program.clauses.train
        self.precision = train.precision if train is not None else "fp32"
        self.graph = evaluation.graph
        self.values: dict[str, Any] = {}

    def __call__(self, measure: Measure) -> Any:
        name = measure.name
        if name not in METRICS:
            raise Unmeasured(name)
        if name not in self.values:
            self.values[name] = METRICS[name](self.graph, self.precision)
        return self.values[name]


def check_requirements(program: Program, evaluation: Evaluation) -> list[Diagnostic]:
    """A finding for each ``require`` that a design does not meet, or that cannot be measured.

    Raises :class:`~archdsl.diagnostics.SpecError` for a condition that makes no sense.
    """
    env = {**evaluation.values, METER: Meter(program, evaluation)}
    frame = Frame(env, "", 0, 0)
    run = Run(_no_choices)
    run.answers.update({path: answer for path, _, answer in evaluation.asked})
    findings: list[Diagnostic] = []
    for requirement in program.requirements:
        try:
            if not truth(requirement.condition, frame, run):
                findings.append(_missed(requirement, frame, run))
        except Unmeasured as missing:
            findings.append(_unmeasured(requirement, missing.name))
    return findings


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


def _unmeasured(requirement: Requirement, name: str) -> Diagnostic:
    return Diagnostic(
        "N430",
        f"`{requirement.condition.span.text}` is not checked: nothing here predicts {name}",
        requirement.condition.span,
        severity=Severity.NOTE,
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
