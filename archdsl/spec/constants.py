"""Literal values: numbers with units, words, strings and the arithmetic of clause arguments."""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Edit, Fix, SpecError
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.source import Span


class Quantity(NamedTuple):
    """A number with a dimension: ``bytes`` or ``seconds``."""

    value: int | float
    dimension: str


class Word(str):
    """A bare name: ``strong`` in ``augment=strong``."""

    __slots__ = ()


class Unit(NamedTuple):
    scale: Decimal
    dimension: str | None


def _units() -> dict[str, Unit]:
    units = {"us": Unit(Decimal("1e-6"), "seconds"), "ms": Unit(Decimal("1e-3"), "seconds")}
    units["s"] = Unit(Decimal(1), "seconds")
    units["B"] = Unit(Decimal(1), "bytes")
    for power, (count, decimal, binary) in enumerate(
        (("k", "kB", "KiB"), ("M", "MB", "MiB"), ("G", "GB", "GiB"), ("T", "TB", "TiB")), 1
    ):
        units[count] = Unit(Decimal(1000**power), None)
        units[decimal] = Unit(Decimal(1000**power), "bytes")
        units[binary] = Unit(Decimal(1024**power), "bytes")
    return units


UNITS = _units()
LARGEST = 10**18  # of a number computed in a clause


def number(node: nodes.Number) -> int | float | Quantity:
    """The value of a literal: ``1.5M`` is the int 1500000, ``24 GiB`` a Quantity of bytes.

    Whole results are exact ints, others the nearest float.
    """
    if node.unit is None:
        return node.value
    unit = UNITS[node.unit]
    scaled = Decimal(node.text.replace("_", "")) * unit.scale
    value = int(scaled) if scaled == scaled.to_integral_value() else float(scaled)
    return value if unit.dimension is None else Quantity(value, unit.dimension)


def constant(expression: nodes.Expression) -> Any:
    """The value of an argument that is written out: int, float, bool, Quantity, Word or str; of
    a list a tuple of such.

    Raises :class:`SpecError` for a layer, a choice or anything else that is no constant.
    """
    if isinstance(expression, nodes.Number):
        return number(expression)
    if isinstance(expression, nodes.Text):
        return expression.value
    if isinstance(expression, nodes.Name):
        return _TRUTH.get(expression.id, Word(expression.id))
    if isinstance(expression, nodes.Negation):
        return _negated(constant(expression.operand), expression.span)
    if isinstance(expression, nodes.Binary):
        left, right = constant(expression.left), constant(expression.right)
        return _calculated(expression.operator, left, right, expression.span)
    if isinstance(expression, nodes.List):
        return tuple([constant(item) for item in expression.items])
    if isinstance(expression, nodes.Call) and expression.function.id == LIST:
        raise SpecError(as_in_0_1(expression))
    raise SpecError(_not_constant(expression.span))


LIST = "list"  # what a list was written with in version 0.1 of the language


def as_in_0_1(call: nodes.Call) -> Diagnostic:
    """The finding for `list(a, b)`, with the change that writes it as a list is written now."""
    opener = call.span._replace(end=call.span.start + call.span.text.index("(") + 1)
    closer = call.span._replace(start=call.span.end - 1)
    named = any(argument.name for argument in call.arguments)
    written = "[" + ", ".join(a.value.span.text for a in call.arguments) + "]"
    shown = f"`{written}`" if len(written) <= 60 and "\n" not in written else "`[a, b]`"
    edits = (Edit(opener, "["), Edit(closer, "]"))
    return Diagnostic(
        "E240",
        "a list is written in square brackets, since version 0.2 of the language",
        call.span,
        needed=shown,
        fix=None if named else Fix(f"write {shown}", edits, safe=True),
    )


_TRUTH = {"true": True, "false": False}


def _negated(value: Any, span: Span) -> Any:
    if type(value) in (int, float):
        return -value
    raise SpecError(_not_constant(span))


def _power(left: Any, right: Any) -> Any:
    if abs(right) > 64:
        raise OverflowError
    if left < 0 and not float(right).is_integer():
        raise ValueError
    return left**right


def no_power(exponent: float, span: Span) -> Diagnostic:
    """A number below 0 has no power of this exponent."""
    needed = "a whole exponent, or a number of at least 0"
    return Diagnostic("E225", f"a number below 0 has no power of {exponent}", span, needed=needed)


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "^": _power,
}


def _calculated(symbol: str, left: Any, right: Any, span: Span) -> Any:
    if isinstance(left, Quantity) and type(right) in (int, float) and symbol in ("*", "/"):
        return Quantity(_calculated(symbol, left.value, right, span), left.dimension)
    if isinstance(right, Quantity) and type(left) in (int, float) and symbol == "*":
        return Quantity(_calculated(symbol, left, right.value, span), right.dimension)
    if type(left) not in (int, float) or type(right) not in (int, float):
        raise SpecError(_not_constant(span))
    try:
        return _settled(_OPERATORS[symbol](left, right))
    except ZeroDivisionError:
        raise SpecError(Diagnostic("E224", "division by zero", span)) from None
    except OverflowError:
        raise SpecError(_too_large(span)) from None
    except ValueError:
        raise SpecError(no_power(right, span)) from None


def _settled(result: Any) -> int | float:
    if not -LARGEST <= result <= LARGEST:
        raise OverflowError
    return int(result) if isinstance(result, float) and result.is_integer() else result


def _too_large(span: Span) -> Diagnostic:
    message = "this number is too large for a clause"
    return Diagnostic("E603", message, span, needed="at most 10^18")


def _not_constant(span: Span) -> Diagnostic:
    return Diagnostic(
        "E409",
        "a clause takes constants here",
        span,
        needed="a number, a quantity such as `24 GiB`, a word, a string, or arithmetic of numbers",
    )
