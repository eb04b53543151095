"""Requirements, and those inside bodies held where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Amount, Diagnostic, SpecError
from archdsl.evaluate.run import BoundMet
from archdsl.evaluate.scalars import Comparison, Constant, truth
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.evaluate.frames import Frame
    from archdsl.evaluate.run import Run
    from archdsl.evaluate.scalars import Scalar
    from archdsl.source import Span

UNMET = "E430"


class Requirement(NamedTuple):
    """A hard constraint: a condition over values and sizes, in an ``arch`` also over metrics."""

    condition: Scalar
    message: str
    span: Span
    measures: bool = False  # whether it is about what a design costs


def hold(requirement: Requirement, frame: Frame, run: Run) -> None:
    """Note in ``run.unmet`` that a requirement does not hold in a frame, if so, or why it makes no
    sense there. Raises :class:`SpecError` instead when the run is strict.
    """
    try:
        if truth(requirement.condition, frame, run):
            return
        findings: tuple[Diagnostic, ...] = (_finding(requirement, frame, run),)
    except BoundMet:
        raise
    except SpecError as error:
        findings = error.diagnostics
    if run.strict_requires:
        raise SpecError(*findings)
    run.unmet.extend(findings)


def _finding(requirement: Requirement, frame: Frame, run: Run) -> Diagnostic:
    condition = requirement.condition
    text = condition.span.text
    because = f" ({requirement.message})" if requirement.message else ""
    found, amount = "", None
    if isinstance(condition, Comparison):
        sides = [(side, side.value(frame, run)) for side in (condition.left, condition.right)]
        found = _told(sides)
        amount = _amount(*(value for _, value in sides))
    return Diagnostic(
        UNMET,
        f"`{text}` does not hold{found}{because}",
        condition.span,
        needed=f"`{text}`",
        amount=amount,
    )


def _told(sides: list[tuple[Scalar, Any]]) -> str:
    """What the sides of a comparison come to, but for numbers as they are written."""
    shown = [
        f"`{side.span.text}` is {_shown(value)}"
        for side, value in sides
        if not isinstance(side, Constant)
    ]
    return f": {', '.join(shown)}" if shown else ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple) and not isinstance(value, Quantity):
        return "×".join(map(str, value))
    return f"{value.value} {value.dimension}" if isinstance(value, Quantity) else str(value)


def _amount(found: Any, limit: Any) -> Amount | None:
    numbers = all(type(value) in (int, float) for value in (found, limit))
    return Amount(found, limit) if numbers else None
