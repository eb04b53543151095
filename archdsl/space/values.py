"""All values of a value expression, each with the number of designs that give it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from archdsl.evaluate import scalars

if TYPE_CHECKING:
    from archdsl.evaluate.frames import Frame
    from archdsl.evaluate.run import Run

Weighted = list[tuple[Any, int]]


def values(scalar: Any, frame: Frame, run: Run) -> Weighted:
    """Every value an expression can take in a frame."""
    kind = type(scalar)
    if kind is scalars.Series:
        return [(value, 1) for value in scalar.range(frame, run)]
    if kind is scalars.Options:
        return [found for option in scalar.options for found in values(option, frame, run)]
    if kind is scalars.Conditional:
        return _conditional(scalar, frame, run)
    if not parts(scalar):
        return [(scalar.value(frame, run), 1)]
    return _combined(scalar, frame, run)


def _conditional(scalar: Any, frame: Frame, run: Run) -> Weighted:
    found: Weighted = []
    for taken, times in values(scalar.condition, frame, run):
        branch = scalar.yes if taken else scalar.no
        found += [(value, times * n) for value, n in values(branch, frame, run)]
    return found


def _combined(scalar: Any, frame: Frame, run: Run) -> Weighted:
    found: Weighted = []
    for combination, times in combinations([values(p, frame, run) for p in parts(scalar)]):
        fixed = [scalars.Constant(value, scalar.span) for value in combination]
        found.append((_over(scalar, fixed).value(frame, run), times))
    return found


def combinations(options: list[Weighted]) -> list[tuple[tuple[Any, ...], int]]:
    """One of each, in all combinations, with the number of designs of each combination."""
    found = []
    for combination in product(*options):
        times = 1
        for _, n in combination:
            times *= n
        found.append((tuple(value for value, _ in combination), times))
    return found


def points(scalar: Any) -> Any:
    """The shape of the choice points of a value expression."""
    if type(scalar) is scalars.Options:
        return (scalar.label, tuple(points(option) for option in scalar.options))
    if type(scalar) is scalars.Series:
        return (scalar.label, "range")
    if type(scalar) is scalars.Conditional:
        return (points(scalar.condition), points(scalar.yes), points(scalar.no))
    return tuple(points(part) for part in parts(scalar) if isinstance(part, scalars.Scalar))


def parts(scalar: Any) -> tuple[Any, ...]:
    """The operands of a value expression."""
    if isinstance(scalar, scalars.Arithmetic):
        return (scalar.left, scalar.right)
    if isinstance(scalar, scalars.Negative):
        return (scalar.operand,)
    return scalar.arguments if isinstance(scalar, scalars.Function) else ()


def _over(scalar: Any, operands: list[Any]) -> Any:
    """The same expression over other operands."""
    if isinstance(scalar, scalars.Arithmetic):
        left, right = operands
        return type(scalar)(scalar.operator, left, right, scalar.span)
    if isinstance(scalar, scalars.Negative):
        return scalars.Negative(operands[0], scalar.span)
    return scalars.Function(scalar.body, tuple(operands), scalar.span)
