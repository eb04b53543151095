"""Formulas as Python expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.literals import literal
from archdsl.formulas import Formula, half_beyond, is_whole, made

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.formulas import Origin

IF, OR, AND, NOT, COMPARED, SUM, PRODUCT, NEGATED, POWER, ATOM = range(10)
_WORDS = {"^": "power"}
BINARY = {
    **dict.fromkeys(("*", "/", "//", "%"), PRODUCT),
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), COMPARED),
}


def written(formula: Any, name: Callable[[Origin], str], whole: bool = False) -> str:
    """A formula as source; ``name`` says what its sources are called. It gives a ``whole`` number
    where one is wanted."""
    return _Writing(name).outer(formula, whole)


class _Writing:
    def __init__(self, name: Callable[[Origin], str]) -> None:
        self.name = name

    def outer(self, formula: Any, whole: bool) -> str:
        if isinstance(formula, Formula) and formula.operator == "/" and whole:
            formula = Formula("//", formula.parts)
        is_item = isinstance(formula, Formula) and formula.operator == "item"
        if whole and not (
            is_item or is_whole(formula)
        ):  # 4.0 here, which PyTorch does not take for 4
            return f"int({self.text(formula, IF)})"
        return self.text(formula, IF)

    def text(self, formula: Any, around: int) -> str:
        """The text of a formula, in brackets where what stands around it binds as closely."""
        text, level = self._text(formula)
        return f"({text})" if level < around else text

    def _text(self, formula: Any) -> tuple[str, int]:
        if not isinstance(formula, Formula):
            return literal(formula), ATOM
        special = getattr(self, f"_{_WORDS.get(formula.operator, formula.operator)}", None)
        if special is not None:
            found: tuple[str, int] = special(*formula.parts)
            return found
        left, right = formula.parts
        level = BINARY[formula.operator]
        first = self.text(left, level + (level == COMPARED))
        return f"{first} {formula.operator} {self.text(right, level + 1)}", level

    def _source(self, one: Origin) -> tuple[str, int]:
        return self.name(one), ATOM

    def _all(self, *parts: Any) -> tuple[str, int]:
        return " and ".join(self.text(part, AND + 1) for part in parts), AND

    def _any(self, *parts: Any) -> tuple[str, int]:
        return " or ".join(self.text(part, OR + 1) for part in parts), OR

    def _not(self, part: Any) -> tuple[str, int]:
        return f"not {self.text(part, NOT)}", NOT

    def _power(self, base: Any, exponent: Any) -> tuple[str, int]:
        return f"{self.text(base, ATOM)} ** {self.text(exponent, POWER)}", POWER

    def _if(self, *parts: Any) -> tuple[str, int]:
        condition, yes, no = (self.text(part, OR) for part in parts)
        return f"{yes} if {condition} else {no}", IF

    def _size(self, *parts: Any) -> tuple[str, int]:
        inside = ", ".join(self.text(part, IF) for part in parts)
        return f"({inside}{',' if len(parts) == 1 else ''})", ATOM

    def _list(self, *parts: Any) -> tuple[str, int]:
        return self._size(*parts)

    def _item(self, listed: Any, place: Any) -> tuple[str, int]:
        return f"{self.text(listed, ATOM)}[{self.text(place, IF)}]", ATOM

    def _len(self, listed: Any) -> tuple[str, int]:
        return self._called("len", (listed,))

    def _total(self, listed: Any) -> tuple[str, int]:
        return self._called("sum", (listed,))

    def _called(self, name: str, parts: tuple[Any, ...]) -> tuple[str, int]:
        return f"{name}({', '.join(self.text(part, IF) for part in parts)})", ATOM

    def _min(self, *parts: Any) -> tuple[str, int]:
        return self._called("min", parts)

    def _max(self, *parts: Any) -> tuple[str, int]:
        return self._called("max", parts)

    def _ceil(self, *parts: Any) -> tuple[str, int]:
        return self._called("math.ceil", parts)

    def _floor(self, *parts: Any) -> tuple[str, int]:
        return self._called("math.floor", parts)

    def _make_divisible(self, *parts: Any) -> tuple[str, int]:
        return self._called("make_divisible", parts)

    def _round(self, value: Any, multiple: Any = 1) -> tuple[str, int]:
        if multiple == 1:
            return f"int({self.text(value, SUM)} + 0.5)", ATOM
        each = f"int({self.text(value, PRODUCT)} / {self.text(multiple, NEGATED)} + 0.5)"
        return f"{each} * {self.text(multiple, NEGATED)}", PRODUCT

    def _sum(self, *parts: Any) -> tuple[str, int]:
        *pairs, rest = parts
        added = [self._times(term, n) for term, n in pairs if n > 0]
        added += [literal(rest)] if rest > 0 else []
        taken = [self._times(term, -n) for term, n in pairs if n < 0]
        taken += [literal(-rest)] if rest < 0 else []
        if len(pairs) == 1 and not rest and added:
            return added[0], PRODUCT
        if added:
            return " - ".join([" + ".join(added), *taken]), SUM
        first, times = pairs[0]
        head = self.text(Formula("sum", ((first, -times), 0)) if times != -1 else first, NEGATED)
        return " - ".join([f"-{head}", *taken[1:]]), SUM

    def _times(self, term: Formula, times: Any) -> str:
        if times == 1:
            return self.text(term, PRODUCT)
        return f"{literal(times)} * {self.text(term, NEGATED)}"

    def _slide(self, size: Any, reach: Any, stride: Any, padding: Any) -> tuple[str, int]:
        room = made("-", made("+", size, made("*", 2, padding)), reach)
        return f"{self.text(room, PRODUCT)} // {self.text(stride, NEGATED)} + 1", SUM

    def _kept(self, reach: Any, stride: Any) -> tuple[str, int]:
        return self._called("max", (0, half_beyond(reach, stride)))
