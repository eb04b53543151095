"""What a range offers: whole numbers, real numbers at steps, or every number between two.

Real numbers are computed in decimal, as they are written: ``0.0 to 0.5 by 0.1`` holds 0.3, not
0.30000000000000004.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.points import ChoicePoint, ContinuousPoint
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archdsl.source import Span

DIGITS = Context(prec=40)  # more than a number as written or computed has


def point_of(first: Any, last: Any, step: Any, log: bool, limit: int, span: Span) -> ChoicePoint:
    """The choice point of ``first to last by step``, or of ``first to last log step``.

    Without a step, whole bounds run over the whole numbers and a real bound makes the choice
    continuous. At most ``limit`` values. Raises :class:`SpecError` for a range that holds none,
    too many, or means nothing.
    """
    given = (first, last) if step is None else (first, last, step)
    whole = all(type(value) is int for value in given)
    refusal = (
        _no_numbers(given, span)
        or _no_values(first, last, step, log, span)
        or _no_factor(first, last, step is None and log and whole, span)
    )
    if refusal is not None:
        raise SpecError(refusal)
    if step is None and not whole and first < last:
        return ContinuousPoint(float(first), float(last), log, span)
    step = step or (2 if log else 1)
    values = (_multiples if log else _steps)(first, last, step, limit)
    if values is None:
        raise SpecError(_too_many(_written(first, last, step, log), limit, span))
    return ChoicePoint(values if whole else tuple(map(float, values)), span)


def _steps(first: Any, last: Any, step: Any, limit: int) -> Sequence[Any] | None:
    """From the first number on by the step; None when there are too many."""
    if type(first) is type(last) is type(step) is int:
        return range(first, last + 1, step) if (last - first) // step < limit else None
    start, width = _exact(first), _exact(step)
    count = DIGITS.divide(DIGITS.subtract(_exact(last), start), width)
    if count >= limit:
        return None
    return [DIGITS.add(start, DIGITS.multiply(width, Decimal(i))) for i in range(int(count) + 1)]


def _multiples(first: Any, last: Any, factor: Any, limit: int) -> Sequence[Any] | None:
    """From the first number on, each times the factor; None when there are too many."""
    whole = type(first) is type(factor) is int
    value, end, times = (first, last, factor) if whole else map(_exact, (first, last, factor))
    values: list[Any] = []
    while value <= end and len(values) <= limit:
        values.append(value)
        value = value * times if whole else DIGITS.multiply(value, times)
    return tuple(values) if len(values) <= limit else None


def _exact(value: float) -> Decimal:
    """The decimal number that is written so."""
    return Decimal(value) if type(value) is int else Decimal(repr(value))


def _written(first: float, last: float, step: float | None, log: bool) -> str:
    if log:
        return f"{first} to {last} log" + ("" if step is None else f" {step}")
    return f"{first} to {last}" + ("" if step is None else f" by {step}")


def _no_numbers(given: Iterable[object], span: Span) -> Diagnostic | None:
    if all(type(value) in (int, float) for value in given):
        return None
    return Diagnostic(
        "E221",
        "a range runs over numbers",
        span,
        needed="`2 to 8`, `0.0 to 0.5 by 0.1`, `16 to 256 log 2` or `1e-4 to 1e-1 log`",
    )


def _no_values(
    first: float, last: float, step: float | None, log: bool, span: Span
) -> Diagnostic | None:
    written = _written(first, last, step, log)
    if last < first:
        message, needed = f"the range {written} has no values", "`low to high` with low <= high"
    elif log and first <= 0:
        message, needed = f"a log scale does not reach {first}", "a range that begins above 0"
    elif step is not None and step <= (1 if log else 0):
        needed = "a factor above 1" if log else "a step above 0"
        message = f"the range {written} does not go on from {first}"
    else:
        return None
    return Diagnostic("E222", message, span, needed=needed)


def _no_factor(first: float, last: float, missing: bool, span: Span) -> Diagnostic | None:
    if not missing:
        return None
    return Diagnostic(
        "E232",
        f"the whole numbers of {first} to {last} on a log scale need a factor",
        span,
        needed=f"`{first} to {last} log 2` for {first}, {2 * first}, …",
        help=f"for any number between them: `{first}.0 to {last}.0 log`",
    )


def _too_many(written: str, limit: int, span: Span) -> Diagnostic:
    message = f"the range {written} has too many values"
    needed = f"at most {limit:,} values"
    return Diagnostic("E222", message, span, needed=needed, help=raising("copies"))
