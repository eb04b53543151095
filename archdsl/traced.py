"""Whole numbers that remember how they came about.

Code that computes sizes, such as the shape rule of an op, computes their formulas too when it is
given :class:`Traced` numbers (archdsl.formulas).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.formulas import CALCULATED, Formula, kept_padding, made

if TYPE_CHECKING:
    from collections.abc import Callable


class Traced(int):
    """A whole number with its formula. Two of one value and other formulas are equal, but no set
    and no cache takes one for the other."""

    formula: Formula

    def __new__(cls, value: int, formula: Formula) -> Traced:
        number = super().__new__(cls, value)
        number.formula = formula
        return number

    def __hash__(self) -> int:
        return hash((Traced, int(self), self.formula))

    def __eq__(self, other: object) -> bool:
        return int(self) == other

    def __neg__(self) -> int:
        return traced(-int(self), made("neg", self.formula))


def _forward(symbol: str) -> Callable[[Any, Any], Any]:
    def calculated(self: Any, other: Any) -> Any:
        if not isinstance(other, int):
            return NotImplemented
        return traced(
            CALCULATED[symbol](int(self), int(other)), made(symbol, self.formula, of(other))
        )

    return calculated


def _backward(symbol: str) -> Callable[[Any, Any], Any]:
    def calculated(self: Any, other: Any) -> Any:
        if not isinstance(other, int):
            return NotImplemented
        return traced(
            CALCULATED[symbol](int(other), int(self)), made(symbol, of(other), self.formula)
        )

    return calculated


for _name, _symbol in (("add", "+"), ("sub", "-"), ("mul", "*"), ("floordiv", "//"), ("mod", "%")):
    setattr(Traced, f"__{_name}__", _forward(_symbol))
    setattr(Traced, f"__r{_name}__", _backward(_symbol))


def of(value: Any) -> Any:
    """The formula of a value: its own, or the value itself."""
    if isinstance(value, Traced):
        return value.formula
    if isinstance(value, tuple) and any(isinstance(item, Traced) for item in value):
        return Formula("size", tuple(of(item) for item in value))
    return value


def traced(value: int, formula: Any) -> int:
    """A whole number that remembers its formula, if it has one."""
    return Traced(value, formula) if isinstance(formula, Formula) else value


def positions(size: int, reach: int, stride: int, padding: int) -> int:
    """How many positions a window takes on an axis, by PyTorch's rule."""
    found = (size + 2 * padding - reach) // stride + 1
    parts = (size, reach, stride, padding)
    if any(isinstance(part, Traced) for part in parts):
        return traced(int(found), made("slide", *map(of, parts)))
    return found


def keeping(reach: int, stride: int) -> int:
    """The padding of a window that keeps size / stride positions."""
    found = max(0, (reach - stride + 1) // 2)
    if isinstance(reach, Traced) or isinstance(stride, Traced):
        return traced(int(found), kept_padding(of(reach), of(stride)))
    return found
