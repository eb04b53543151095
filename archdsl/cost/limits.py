"""Holding a design to what its spec requires."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.metrics import METRICS
from archdsl.diagnostics import Amount, Diagnostic
from archdsl.evaluate.frames import Frame
from archdsl.evaluate.measures import METER, Measure
from archdsl.evaluate.run import Run
from archdsl.evaluate.scalars import Comparison, Constant, truth
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.evaluate.program import Clauses, Evaluation, Program
    from archdsl.evaluate.requirements import Requirement

LIMITING = {"memory": ("<", "<="), "latency": ("<", "<="), "throughput": (">", ">=")}
DIGITS = (4, 6, 9, 12)  # significant ones, the first that tell two values apart


class Meter:
    """Measures one design; each metric at most once."""

    def __init__(self, program: Program, evaluation: Evaluation) -> None:
        self.program = program
        self.graph = evaluation.graph
        self.train = evaluation.clauses.train
        self.values: dict[str, Any] = {}

    def __call__(self, measure: Measure) -> Any:
        name = measure.name
        if name not in METRICS:
            return self._measured(measure)
        if name not in self.values:
            precision = self.train.precision if self.train is not None else "fp32"
            self.values[name] = METRICS[name](self.graph, precision)
        return self.values[name]

    def _measured(self, measure: Measure) -> Any:
        from archdsl.cost.measured import Setting, measured  # few specs name a device

        return measured(measure, Setting(self.graph, self.train, self.program.devices))


class Violation(NamedTuple):
    """A ``require`` that a design does not meet.

    For a comparison ``found`` and ``limit`` are its two sides, a written number the limit;
    ``measure`` is the metric on its left that it limits: ``memory`` and ``latency`` from above,
    ``throughput`` from below.
    """

    requirement: Requirement
    found: Any = None
    limit: Any = None
    measure: Measure | None = None

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
    run = Run(_no_choices)
    return [
        _missed(requirement, frame, run)
        for requirement in program.requirements
        if not truth(requirement.condition, frame, run)
    ]


def _no_choices(path: str, point: Any) -> int:
    return 0


def _missed(requirement: Requirement, frame: Frame, run: Run) -> Violation:
    condition = requirement.condition
    if not isinstance(condition, Comparison):
        return Violation(requirement)
    left, right = condition.left, condition.right
    limits = isinstance(left, Measure) and condition.operator in LIMITING.get(left.name, ())
    measure = left if isinstance(left, Measure) and limits else None
    if isinstance(left, Constant) and not isinstance(right, Constant):  # `1 GiB >= memory(…)`
        left, right = right, left
    return Violation(requirement, left.value(frame, run), right.value(frame, run), measure)


def check_requirements(program: Program, evaluation: Evaluation) -> list[Diagnostic]:
    """A finding for each ``require`` that a design does not meet.

    Limits on memory, latency and throughput are left to the principles about them (P601 to P603),
    which tell a way out. Raises :class:`~archdsl.diagnostics.SpecError` for what makes no sense.
    """
    _known_device(program, evaluation.clauses)
    missed = missed_requirements(program, evaluation)
    return [_finding(one) for one in missed if one.measure is None]


def _known_device(program: Program, clauses: Clauses) -> None:
    train = clauses.train
    if train is not None and train.device is not None:
        from archdsl.cost.measured import training_run  # few specs name a device

        training_run(program, clauses)


def _finding(missed: Violation) -> Diagnostic:
    condition = missed.requirement.condition
    found = "" if missed.limit is None else f": it is {apart(missed.found, missed.limit)[0]}"
    return Diagnostic(
        "E430",
        f"`{condition.span.text}` does not hold{found}{missed.because}",
        condition.span,
        needed=f"`{condition.span.text}`",
        amount=missed.amount,
    )


def apart(found: Any, limit: Any) -> tuple[str, str]:
    """Two values with their units, with as many digits as it takes to tell them apart."""
    for digits in DIGITS:
        told = shown(found, digits), shown(limit, digits)
        if told[0] != told[1]:
            break
    return told


def shown(value: Any, digits: int = DIGITS[0]) -> str:
    """A measured value with its unit."""
    if isinstance(value, Quantity):
        unit = _bytes if value.dimension == "bytes" else _seconds
        return unit(value.value, digits)
    if isinstance(value, float):
        large = abs(value) >= 1000
        return f"{value:,.{digits - DIGITS[0]}f}" if large else f"{value:.{digits}g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _bytes(count: float, digits: int) -> str:
    for unit in ("B", "KiB", "MiB", "GiB", "TiB", "PiB"):
        if count < 1024:
            return f"{count:,.{digits}g} {unit}"
        count /= 1024
    return f"{count:,.{digits}g} EiB"


def _seconds(time: float, digits: int) -> str:
    for scale, unit in ((1e6, "us"), (1e3, "ms")):
        if time * scale < 1000:
            return f"{time * scale:.{digits - 1}g} {unit}"
    return f"{time:.{digits - 1}g} s"
