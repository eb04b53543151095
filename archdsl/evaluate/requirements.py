"""Requirements, and those inside bodies held where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Amount, Diagnostic, SpecError
from archdsl.evaluate.run import BoundMet
from archdsl.evaluate.scalars import Comparison, Constant, truth
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    inner: bool = False  # whether it stands inside a block or the model


class Decided(NamedTuple):
    """A ``let`` by its name, and the requirements that can be decided as soon as it is bound: over
    values, of which it is the last."""

    name: str
    needs: tuple[Requirement, ...]


def decided_by(
    lets: Sequence[tuple[str, bool]], requirements: Iterable[Requirement]
) -> tuple[Decided, ...]:
    """For each ``let``, given as its name and whether it holds a value, what it decides."""
    order = {name: index for index, (name, _) in enumerate(lets)}
    found: list[list[Requirement]] = [[] for _ in lets]
    for need in requirements:
        read = [order[name] for name in need.condition.free if name in order]
        if read and not need.measures and all(lets[index][1] for index in read):
            found[max(read)].append(need)
    pairs = zip(lets, found, strict=True)
    return tuple(Decided(name, tuple(needs)) for (name, _), needs in pairs)


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


def insist(requirement: Requirement, frame: Frame, run: Run) -> None:
    """Raises :class:`SpecError` where a requirement does not hold: of a function, which has no
    value there."""
    if not truth(requirement.condition, frame, run):
        raise SpecError(_finding(requirement, frame, run))


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
