"""How a number comes about: what it is computed from, kept beside its value.

A formula is a value, or a :class:`Formula` over :class:`Origin` values: arguments of a block, sizes
of what flows in, names bound by a clause.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Origin(NamedTuple):
    """Where a value comes from: the ``kind`` is "argument", "size", "constant" or one that a
    computation uses within itself."""

    kind: str
    name: str


@dataclass(frozen=True)
class Formula:
    """An operator and what it works on: formulas, or values.

    ``source`` stands for a value from outside. ``free`` is a value that nothing here determines,
    ``lost`` one that follows from the sources it lists in a way that is not known.
    """

    operator: str
    parts: tuple[Any, ...]
    size: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        inside = (part.size for part in operands(self) if isinstance(part, Formula))
        object.__setattr__(self, "size", 1 + sum(inside))


def operands(formula: Formula) -> tuple[Any, ...]:
    """What the operator of a formula works on; of a sum, what is added and the number."""
    if formula.operator == "sum":
        return (*(term for term, _ in formula.parts[:-1]), formula.parts[-1])
    return formula.parts


Number = int | float
Term = Formula | Number  # of arithmetic
Truth = Formula | bool
Operand = Formula | Number | str | tuple[object, ...]  # of a comparison
LARGEST = 60  # operators in a formula that is kept: nobody would read a longer one
FREE = Formula("free", ())


def source(kind: str, name: str) -> Formula:
    """The formula of a value from outside."""
    return Formula("source", (Origin(kind, name),))


def lost(sources: frozenset[Origin]) -> Formula:
    """The formula of what follows from some sources, nobody knows how."""
    return Formula("lost", tuple(sorted(sources))) if sources else FREE


def sources(formula: object) -> frozenset[Origin]:
    """All that a formula reads."""
    if not isinstance(formula, Formula):
        return frozenset()
    if formula.operator in ("source", "lost"):
        return frozenset(formula.parts)
    return frozenset().union(*map(sources, operands(formula)))


def is_known(formula: object) -> bool:
    """Whether a formula tells its value, once its sources are."""
    return not isinstance(formula, Formula) or formula.operator not in ("free", "lost")


def _slide(size: int, reach: int, stride: int, padding: int) -> int:
    if size + 2 * padding < reach or stride < 1 or padding < 0:
        raise ValueError("the window does not fit")
    return (size + 2 * padding - reach) // stride + 1


def _kept(reach: int, stride: int) -> int:
    return max(0, (reach - stride + 1) // 2)


def _round(value: Number, multiple: Number = 1) -> Number:
    return math.floor(value / multiple + 0.5) * multiple


def make_divisible(value: Number, divisor: int = 8) -> int:
    """A width as MobileNet and EfficientNet round it: the nearest multiple, at least one of the
    divisor, and the next one up where that is below 90 % of the value."""
    nearest = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * value else nearest


def _divided(left: Number, right: Number) -> Number:
    result = left / right
    return int(result) if result.is_integer() and abs(result) < 2**53 else result


def _all(*parts: object) -> bool:
    return all(parts)


def _any(*parts: object) -> bool:
    return any(parts)


CALCULATED: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "//": operator.floordiv,
    "%": operator.mod,
    "^": operator.pow,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "neg": operator.neg,
    "not": operator.not_,
    "min": min,
    "max": max,
    "round": _round,
    "make_divisible": make_divisible,
    "ceil": math.ceil,
    "floor": math.floor,
    "all": _all,
    "any": _any,
    "size": lambda *parts: tuple(parts),
    "list": lambda *parts: tuple(parts),
    "item": lambda listed, place: listed[place],
    "len": len,
    "total": sum,
    "if": lambda condition, yes, no: yes if condition else no,
    "slide": _slide,
    "kept": _kept,
}


def made(operator_: str, *parts: object) -> Any:
    """What an operator makes of its operands: a value when all of them are, else a formula in
    its simplest form. What is no operator here makes something that is lost."""
    if operator_ not in CALCULATED:
        return lost(frozenset().union(*map(sources, parts)))
    if not any(isinstance(part, Formula) for part in parts):
        return CALCULATED[operator_](*parts)
    if not all(map(is_known, parts)):
        return lost(frozenset().union(*map(sources, parts)))
    rule = _RULES.get(operator_)
    found = rule(*parts) if rule is not None else Formula(operator_, parts)
    if isinstance(found, Formula) and found.size > LARGEST:
        return lost(sources(found))
    return found


def value_of(formula: Any, given: Mapping[Origin, Any]) -> Any:
    """The value of a formula for some values of its sources. Raises :class:`ValueError` or
    another arithmetic error where it has none, :class:`KeyError` for a source that is not
    given."""
    if not isinstance(formula, Formula):
        return formula
    if formula.operator == "source":
        return given[formula.parts[0]]
    if not is_known(formula):
        raise ValueError("not known")
    if formula.operator == "sum":
        terms = (times * value_of(term, given) for term, times in formula.parts[:-1])
        return sum(terms, formula.parts[-1])
    return CALCULATED[formula.operator](*(value_of(part, given) for part in formula.parts))


def replaced(formula: Any, given: Mapping[Origin, Any]) -> Any:
    """A formula with other formulas, or values, in the place of sources; where it has no value for
    these, it is free."""
    if not isinstance(formula, Formula) or formula.operator == "free":
        return formula
    if formula.operator == "source":
        return given.get(formula.parts[0], formula)
    if formula.operator == "lost":
        left = [sources(given.get(part, Formula("source", (part,)))) for part in formula.parts]
        return lost(frozenset().union(*left))
    if formula.operator == "sum":
        terms = [made("*", times, replaced(term, given)) for term, times in formula.parts[:-1]]
        return reduce(lambda total, term: made("+", total, term), terms, formula.parts[-1])
    parts = [replaced(part, given) for part in formula.parts]
    try:
        return made(formula.operator, *parts)
    except (ArithmeticError, ValueError):  # as in an option of `when` that these do not take
        return FREE


# Simplest forms ------------------------------------------------------------------------------

Sum = tuple[dict[Formula, int], Number]  # what is added, how many times each; and a number


def _summed(formula: Term) -> Sum:
    if not isinstance(formula, Formula):
        return {}, formula
    if formula.operator == "sum":
        *pairs, rest = formula.parts
        return dict(pairs), rest
    return {formula: 1}, 0


def _sum(terms: dict[Formula, int], rest: Number) -> Term:
    kept = {term: times for term, times in terms.items() if times}
    if not kept:
        return rest
    if len(kept) == 1 and not rest and next(iter(kept.values())) == 1:
        return next(iter(kept))
    return Formula("sum", (*kept.items(), rest))


def _add(left: Term, right: Term, sign: int = 1) -> Term:
    terms, rest = _summed(left)
    others, more = _summed(right)
    terms = dict(terms)
    for term, times in others.items():
        terms[term] = terms.get(term, 0) + sign * times
    return _sum(terms, rest + sign * more)


def _subtract(left: Term, right: Term) -> Term:
    return _add(left, right, -1)


def _multiply(left: Term, right: Term) -> Term:
    if isinstance(left, Formula) and isinstance(right, Formula):
        return Formula("*", (left, right))
    factor, formula = (right, left) if isinstance(left, Formula) else (left, right)
    if type(factor) is not int:
        return Formula("*", (left, right))
    terms, rest = _summed(formula)
    return _sum({term: factor * times for term, times in terms.items()}, factor * rest)


def _floor_divide(left: Term, right: Term) -> Term:
    if type(right) is int and right > 0:
        terms, rest = _summed(left)
        if all(type(n) is int and n % right == 0 for n in (*terms.values(), rest)):
            return _sum({term: times // right for term, times in terms.items()}, rest // right)
    return Formula("//", (left, right))


def _round_of(value: Term, multiple: Term = 1) -> Term:
    if multiple == 1 and is_whole(value):
        return value
    return Formula("round", (value,) if multiple == 1 else (value, multiple))


def _whole_of(name: str) -> Callable[[Term], Term]:
    return lambda value: value if is_whole(value) else Formula(name, (value,))


_WHOLE = frozenset(("source", "+", "-", "*", "//", "%", "sum", "min", "max", "slide", "kept"))
_ALWAYS_WHOLE = frozenset(("ceil", "floor", "len", "make_divisible"))  # whatever they are of


def is_whole(formula: object) -> bool:
    """Whether a value is a whole number. A source is one unless its kind is "real"."""
    if not isinstance(formula, Formula):
        return type(formula) is int
    if formula.operator == "source":
        return bool(formula.parts[0].kind != "real")
    if formula.operator == "sum":
        *pairs, rest = formula.parts
        return type(rest) is int and all(is_whole(t) and type(n) is int for t, n in pairs)
    if formula.operator in _ALWAYS_WHOLE:
        return True
    if formula.operator in ("if", "round"):  # of a condition or a value, and whole numbers
        return all(map(is_whole, formula.parts[1:]))
    if formula.operator == "^":
        base, exponent = formula.parts
        return is_whole(base) and type(exponent) is int and exponent >= 0
    return formula.operator in _WHOLE and all(map(is_whole, formula.parts))


def _truth(operator_: str, *parts: object) -> Truth:
    found: Truth = made(operator_, *parts)
    return found


def _equal(left: Operand, right: Operand) -> Truth:
    pair = [_items(side) for side in (left, right)]
    if pair[0] is not None and pair[1] is not None:
        if len(pair[0]) != len(pair[1]):
            return False
        return _truth("all", *(made("==", a, b) for a, b in zip(*pair, strict=True)))
    if left == right:
        return True
    if isinstance(left, (str, tuple, bool)) or isinstance(right, (str, tuple, bool)):
        return Formula("==", (left, right))
    difference = _subtract(left, right)
    if not isinstance(difference, Formula):
        return difference == 0
    found = _same_size(left, right) or _same_size(right, left)
    return found or _factor_of_one(left, right) or Formula("==", (left, right))


def _factor_of_one(left: Term, right: Term) -> Truth | None:
    """``n · size == size`` is ``n == 1``: no size is 0."""
    for product, size in ((left, right), (right, left)):
        factors = product.parts if isinstance(product, Formula) and product.operator == "*" else ()
        if _is_size(size) and size in factors:
            first, second = factors
            return _truth("==", second if first == size else first, 1)
    return None


def _is_size(formula: object) -> bool:
    if not isinstance(formula, Formula) or formula.operator != "source":
        return False
    return bool(formula.parts[0].kind == "size")


def _items(side: object) -> tuple[object, ...] | None:
    if isinstance(side, Formula):
        return side.parts if side.operator in ("size", "list") else None
    return side if isinstance(side, tuple) else None


def _same_size(slid: Term, size: Term) -> Truth | None:
    """When a window that moves on by ``stride``, padded to keep size / stride positions, gives as
    many positions as it takes.

    With r the reach, 2·padding ≤ max(0, r - stride + 1). For a stride of 2 or more it gives at most
    (size + 1) // stride, fewer than a size above 1. For a stride of 1 it gives size + 2·(r // 2) -
    r + 1, which is the size for an odd reach alone.
    """
    if not (isinstance(slid, Formula) and slid.operator == "slide" and slid.parts[0] == size):
        return None
    _, reach, stride, padding = slid.parts
    if padding != kept_padding(reach, stride):
        return None
    return _truth("all", made("==", stride, 1), made("==", made("%", reach, 2), 1))


def kept_padding(reach: Term, stride: Term) -> Any:
    """The padding that keeps size / stride positions, of numbers or formulas."""
    return made("kept", reach, stride)


def half_beyond(reach: Term, stride: Term) -> Any:
    """Half of what a window reaches over beyond its stride, rounded down; below 0 where that is
    larger by far."""
    return made("//", made("+", made("-", reach, stride), 1), 2)


def _kept_of(reach: Term, stride: Term) -> Term:
    half: Term = half_beyond(reach, stride)
    return half if _is_positive(half) else Formula("kept", (reach, stride))


def _unequal(left: Operand, right: Operand) -> Truth:
    return _truth("not", made("==", left, right))


_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _opposite(part: Formula) -> Truth:
    if part.operator in _OPPOSITE:
        return Formula(_OPPOSITE[part.operator], part.parts)
    if part.operator == "not":
        denied: Truth = part.parts[0]
        return denied
    if part.operator in ("all", "any"):
        other = "any" if part.operator == "all" else "all"
        return _truth(other, *(made("not", p) for p in part.parts))
    return Formula("not", (part,))


def _joined(name: str, neutral: bool) -> Callable[..., Truth]:
    def join(*parts: Truth) -> Truth:
        kept: dict[Truth, None] = {}
        for part in parts:
            inner = part.parts if isinstance(part, Formula) and part.operator == name else (part,)
            for one in inner:
                if one is (not neutral):
                    return not neutral
                if one is not neutral:
                    kept[one] = None
        if not kept:
            return neutral
        return next(iter(kept)) if len(kept) == 1 else Formula(name, tuple(kept))

    return join


def _slid(size: Term, reach: Term, stride: Term, padding: Term) -> Term:
    if stride == 1:
        return _add(_add(size, made("*", 2, padding)), made("-", 1, reach))
    return Formula("slide", (size, reach, stride, padding))


def _largest(*parts: Term) -> Term:
    return _extreme("max", max, parts)


def _smallest(*parts: Term) -> Term:
    return _extreme("min", min, parts)


def _extreme(
    name: str, pick: Callable[[Iterable[Number]], Number], parts: tuple[Term, ...]
) -> Term:
    if len(parts) == 1 and (items := _items(parts[0])) is not None:
        parts = items  # type: ignore[assignment]
    elif len(parts) == 1:
        return Formula(name, parts)
    numbers = [part for part in parts if not isinstance(part, Formula)]
    others = tuple(dict.fromkeys(part for part in parts if isinstance(part, Formula)))
    known = (pick(numbers),) if numbers else ()
    return Formula(name, (*known, *others)) if known or len(others) > 1 else others[0]


def _is_positive(formula: Term) -> bool:
    """Of sizes, strides and kernels, which are at least 1: half of one, or one itself."""
    if not isinstance(formula, Formula):
        return bool(formula >= 0)
    if formula.operator == "//":
        return _is_positive(formula.parts[0]) and type(formula.parts[1]) is int
    if formula.operator == "sum":
        *pairs, rest = formula.parts
        return sum((*(n for _, n in pairs), rest)) >= 0 and all(
            n > 0 and t.operator == "source" for t, n in pairs
        )
    return formula.operator == "source"


def _item(listed: Any, place: Any) -> Any:
    """An item of a list: of one whose items are known, that one."""
    items = _items(listed)
    if items is not None and type(place) is int and -len(items) <= place < len(items):
        return items[place]
    return Formula("item", (listed, place))


def _length(listed: Any) -> Any:
    items = _items(listed)
    return Formula("len", (listed,)) if items is None else len(items)


def _total(listed: Any) -> Any:
    items = _items(listed)
    if items is None:
        return Formula("total", (listed,))
    return reduce(lambda left, right: made("+", left, right), items, 0)


def _either(condition: Truth, yes: Any, no: Any) -> Any:
    """What a condition decides between; what is the same on both sides it does not decide."""
    same = yes == no and isinstance(yes, bool) == isinstance(no, bool)
    return no if same else Formula("if", (condition, yes, no))


_RULES: dict[str, Callable[..., Any]] = {
    "if": _either,
    "item": _item,
    "len": _length,
    "total": _total,
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "//": _floor_divide,
    "neg": lambda part: _multiply(-1, part),
    "round": _round_of,
    "ceil": _whole_of("ceil"),
    "floor": _whole_of("floor"),
    "==": _equal,
    "!=": _unequal,
    "not": _opposite,
    "all": _joined("all", True),
    "any": _joined("any", False),
    "slide": _slid,
    "kept": _kept_of,
    "max": _largest,
    "min": _smallest,
}
