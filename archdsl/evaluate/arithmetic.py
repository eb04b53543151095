"""What numbers, quantities and sizes do when they are added, compared, rounded."""

from __future__ import annotations

import math
import operator
import re
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.frames import Closure, Tensor, Values, Word
from archdsl.formulas import make_divisible
from archdsl.spec.constants import Quantity, no_power
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.source import Span


def kind_of(value: Any) -> str:
    """What a value is, as people are told."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, Word):
        return f"the unknown name `{value}`"
    if isinstance(value, (Closure, Tensor)):
        return "a layer"
    if isinstance(value, Quantity):
        return f"a quantity of {value.dimension}"
    if isinstance(value, Values):
        return "a list"
    return "a size" if isinstance(value, tuple) else "a text"


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def combine(symbol: str, left: Any, right: Any, span: Span, magnitude: int) -> Any:
    """``left symbol right``. Raises for operands that have no such arithmetic."""
    if type(left) is int and type(right) is int:
        return _bounded(_calculate(symbol, left, right, span, magnitude), magnitude, span)
    if _number(left) and _number(right):
        return _bounded(_calculate(symbol, left, right, span, magnitude), magnitude, span)
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        return _measured(symbol, left, right, span, magnitude)
    raise SpecError(_no_arithmetic(symbol, left, right, span))


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}


def _calculate(symbol: str, left: Any, right: Any, span: Span, magnitude: int) -> Any:
    if symbol in ("/", "//", "%") and right == 0:
        raise SpecError(Diagnostic("E224", "division by zero", span))
    if symbol == "^":
        return _power(left, right, span, magnitude)
    result = _OPERATORS[symbol](left, right)
    if symbol == "/" and result.is_integer() and abs(result) < 2**53:
        return int(result)
    return result


def _power(left: Any, right: Any, span: Span, magnitude: int) -> Any:
    if left == 0 and right < 0:
        raise SpecError(Diagnostic("E224", "division by zero", span))
    if left < 0 and not float(right).is_integer():
        raise SpecError(no_power(right, span))
    if left and right * math.log2(abs(left)) > magnitude.bit_length():
        raise SpecError(_too_large(span))
    return left**right


def _bounded(result: Any, magnitude: int, span: Span) -> Any:
    if -magnitude <= result <= magnitude:
        return result
    raise SpecError(_too_large(span))


def _too_large(span: Span) -> Diagnostic:
    message = "this number is too large to compute with"
    return Diagnostic("E603", message, span, help=raising("magnitude"))


def _measured(symbol: str, left: Any, right: Any, span: Span, magnitude: int) -> Any:
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        same = left.dimension == right.dimension
        if same and symbol in "+-":
            value = combine(symbol, left.value, right.value, span, magnitude)
            return Quantity(value, left.dimension)
        if same and symbol == "/":
            return combine("/", left.value, right.value, span, magnitude)
    elif isinstance(left, Quantity) and _number(right) and symbol in "*/":
        return Quantity(combine(symbol, left.value, right, span, magnitude), left.dimension)
    elif isinstance(right, Quantity) and _number(left) and symbol == "*":
        return Quantity(combine("*", left, right.value, span, magnitude), right.dimension)
    raise SpecError(_no_arithmetic(symbol, left, right, span))


def _no_arithmetic(symbol: str, left: Any, right: Any, span: Span) -> Diagnostic:
    layers = any(isinstance(side, (Closure, Tensor)) for side in (left, right))
    return Diagnostic(
        "E225",
        f"`{symbol}` does not work on {kind_of(left)} and {kind_of(right)}",
        span,
        needed="numbers on both sides, or quantities of one dimension",
        help="`add` and `mul` merge layers, `layer_scale` scales one" if layers else "",
    )


def negate(value: Any, span: Span) -> Any:
    """``-value``"""
    if _number(value):
        return -value
    raise SpecError(Diagnostic("E225", f"`-` does not work on {kind_of(value)}", span))


_BILLIONS = re.compile(r"\d ?B\b")  # bytes here, and billions to people who count parameters
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


def compare(symbol: str, left: Any, right: Any, span: Span) -> bool:
    """``left symbol right``. Raises for values that have no order, or different dimensions."""
    if symbol == "==":
        return bool(left == right)
    if symbol == "!=":
        return bool(left != right)
    if _number(left) and _number(right):
        return _COMPARISONS[symbol](left, right)
    measured = isinstance(left, Quantity) and isinstance(right, Quantity)
    if measured and left.dimension == right.dimension:
        return _COMPARISONS[symbol](left.value, right.value)
    raise SpecError(
        Diagnostic(
            "E226",
            f"{kind_of(left)} and {kind_of(right)} have no order",
            span,
            needed="two numbers, or two quantities of one dimension",
            help=_of_one_dimension(left, right, span),
        )
    )


def _of_one_dimension(left: Any, right: Any, span: Span) -> str:
    """What to write where a number is compared with bytes or seconds."""
    if _BILLIONS.search(span.text):
        return "a billion is written `G`: `1.3G`"
    quantities = [value for value in (left, right) if isinstance(value, Quantity)]
    if len(quantities) != 1 or not any(map(_number, (left, right))):
        return ""
    metrics = {"bytes": "`weights_size` or `memory(…)`", "seconds": "`latency(…)`"}
    measured = metrics.get(quantities[0].dimension)
    if not measured:
        return ""
    unit = quantities[0].dimension
    return f"a plain number is written without a unit: `5M`; {measured} is told in {unit}"


# Functions of values -------------------------------------------------------------------------


def _numbers(values: list[Any], span: Span, name: str, least: int, most: int | None) -> list[Any]:
    if len(values) < least or (most is not None and len(values) > most):
        needed = f"{least}" if least == most else f"at least {least}" if most is None else "1 or 2"
        raise SpecError(
            Diagnostic("E227", f"`{name}` takes {needed} values, found {len(values)}", span)
        )
    for value in values:
        if not _number(value):
            message = f"`{name}` works on numbers, found {kind_of(value)}"
            raise SpecError(Diagnostic("E228", message, span))
    return values


def _several(values: list[Any], span: Span, name: str) -> list[Any]:
    """The values given one by one, or the items of the one list that is given. Raises for none."""
    if values == [()]:
        raise SpecError(Diagnostic("E228", f"`{name}` of an empty list is nothing", span))
    return _items(values)


def _items(values: list[Any]) -> list[Any]:
    """The values given one by one, or the items of the one list that is given."""
    return list(values[0]) if len(values) == 1 and isinstance(values[0], Values) else values


def _list(values: list[Any], span: Span, name: str) -> tuple[Any, ...]:
    if len(values) != 1:
        message = f"`{name}` takes 1 list, found {len(values)} values"
        listed = f"{name}([{', '.join(['…'] * max(2, len(values)))}])"
        raise SpecError(Diagnostic("E227", message, span, needed=f"`{listed}`"))
    if not isinstance(values[0], tuple):
        message = f"`{name}` works on a list, found {kind_of(values[0])}"
        raise SpecError(Diagnostic("E228", message, span, needed="a list, such as `[24, 32, 64]`"))
    return values[0]


def _conditions(values: list[Any], span: Span, name: str) -> list[bool]:
    if not all(isinstance(value, bool) for value in values):
        raise SpecError(Diagnostic("E228", f"`{name}` works on conditions", span))
    return values


def _min(values: list[Any], span: Span) -> Any:
    """min(a, …), min(list)

    The least of some numbers.

    example: min(x.channels, 64)
    """
    return min(_numbers(_several(values, span, "min"), span, "min", 1, None))


def _max(values: list[Any], span: Span) -> Any:
    """max(a, …), max(list)

    The largest of some numbers.

    example: max(1, x.channels // 16)
    """
    return max(_numbers(_several(values, span, "max"), span, "max", 1, None))


def _len(values: list[Any], span: Span) -> int:
    """len(list)

    How many items a list has.

    example: len([16, 24, 32])
    """
    return len(_list(values, span, "len"))


def _sum(values: list[Any], span: Span) -> Any:
    """sum(list)

    All numbers of a list, added.

    example: sum([2, 2, 6, 2])
    """
    return sum(_numbers([*_list(values, span, "sum")], span, "sum", 0, None))


def _round(values: list[Any], span: Span) -> Any:
    """round(value), round(value, multiple)

    The nearest whole number, or the nearest multiple of one; from the middle upwards.

    example: round(0.75 * 100, 8)
    """
    value, multiple = (*_numbers(values, span, "round", 1, 2), 1)[:2]
    if multiple <= 0:
        raise SpecError(Diagnostic("E228", "`round` needs a positive multiple", span))
    return math.floor(value / multiple + 0.5) * multiple


def _make_divisible(values: list[Any], span: Span) -> int:
    """make_divisible(value), make_divisible(value, divisor)

    A width rounded as in MobileNet and EfficientNet: to multiples of 8, never 10 % down.

    That is the nearest multiple of the divisor, at least one of it, and the next one up where it is
    below 90 % of the value.

    example: make_divisible(0.75 * 50)
    """
    value, divisor = (*_numbers(values, span, "make_divisible", 1, 2), 8)[:2]
    if type(divisor) is not int or divisor < 1:
        message = f"`make_divisible` needs a whole divisor above 0, found {divisor}"
        raise SpecError(Diagnostic("E228", message, span))
    return make_divisible(value, divisor)


def _ceil(values: list[Any], span: Span) -> Any:
    """ceil(value)

    The least whole number that is no less.

    example: ceil(x.height / 3)
    """
    return math.ceil(_numbers(values, span, "ceil", 1, 1)[0])


def _floor(values: list[Any], span: Span) -> Any:
    """floor(value)

    The largest whole number that is no more.

    example: floor(x.channels / 5)
    """
    return math.floor(_numbers(values, span, "floor", 1, 1)[0])


def _size(values: list[Any], span: Span) -> tuple[int, ...]:
    """size(a), size(a, b), size(a, b, c)

    One whole number for each axis, where they differ: of a kernel, a stride, a padding.

    example: size(1, 7)
    """
    if not 1 <= len(values) <= 3 or any(type(value) is not int for value in values):
        raise SpecError(Diagnostic("E228", "`size` takes 1 to 3 whole numbers", span))
    return tuple(values)


def _all(values: list[Any], span: Span) -> bool:
    """all(condition, …), all(list)

    Whether all of some conditions hold: what other languages write with `and`.

    example: all(x.height > 8, x.channels < 256)
    """
    return all(_conditions(_items(values), span, "all"))


def _any(values: list[Any], span: Span) -> bool:
    """any(condition, …), any(list)

    Whether one of some conditions holds at least: what other languages write with `or`.

    example: any(x.height > 8, x.width > 8)
    """
    return any(_conditions(_items(values), span, "any"))


def _not(values: list[Any], span: Span) -> bool:
    """not(condition)

    Whether a condition does not hold.

    example: not(x.height > 8)
    """
    if len(values) != 1:
        raise SpecError(Diagnostic("E227", f"`not` takes 1 condition, found {len(values)}", span))
    return not _conditions(values, span, "not")[0]


FUNCTIONS: dict[str, Callable[[list[Any], Span], Any]] = {
    "min": _min,
    "max": _max,
    "len": _len,
    "sum": _sum,
    "round": _round,
    "make_divisible": _make_divisible,
    "ceil": _ceil,
    "floor": _floor,
    "size": _size,
    "all": _all,
    "any": _any,
    "not": _not,
}
"""Each with its page as a docstring: the signature, the meaning, an example."""
