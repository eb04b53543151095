"""Value expressions of a spec as formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate import scalars
from archdsl.evaluate.arithmetic import FUNCTIONS
from archdsl.evaluate.block_calls import Default
from archdsl.evaluate.functions import FunctionCall
from archdsl.evaluate.layers import Either, Layer
from archdsl.evaluate.lists import Index, Listed
from archdsl.formulas import FREE, Formula, is_known, lost, made, sources
from archdsl.traced import of
from archdsl.types import shape

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = {body: name for name, body in FUNCTIONS.items()}
CALLED = {"sum": "total"}  # in formulas, where a sum is of terms
NESTED = 8  # calls of functions that are looked into, one within another
DEPTH = ""  # under this name the names of a function hold how deep it is called


def formula_of(thing: Any, names: Mapping[str, Any]) -> Any:
    """What an expression is among some names, bound to formulas or to the types of tensors.

    Names that are not among them, and choices, are free.
    """
    if isinstance(thing, Default):
        return formula_of(thing.thing, names)
    if isinstance(thing, Either):
        return formula_of(thing.scalar, names)
    if isinstance(thing, Layer):
        return FREE
    try:
        return _formula(thing, names)
    except (ArithmeticError, ValueError, TypeError, AttributeError):
        return unknown(thing, names)


def unknown(thing: Any, names: Mapping[str, Any]) -> Formula:
    """The formula of an expression of which it is only known what it reads."""
    read = [names[name] for name in thing.free if name in names]
    return lost(frozenset().union(*(sources(f) for bound in read for f in _parts(bound))))


def _parts(bound: Any) -> list[Any]:
    return [of(size) for size in bound] if hasattr(bound, "_asdict") else [bound]


def _formula(thing: Any, names: Mapping[str, Any]) -> Any:
    match thing:
        case scalars.Unbound():
            return str(thing.constant)
        case scalars.Constant():
            return thing.constant
        case scalars.Variable():
            bound = names.get(thing.name, FREE)
            return FREE if hasattr(bound, "_asdict") else bound
        case scalars.Size():
            return _size(thing, names)
        case scalars.Arithmetic():  # comparisons, too
            left, right = formula_of(thing.left, names), formula_of(thing.right, names)
            return made(thing.operator, left, right)
        case scalars.Negative():
            return made("neg", formula_of(thing.operand, names))
        case scalars.Function():
            parts = [formula_of(argument, names) for argument in thing.arguments]
            word = NAMES.get(thing.body)
            return FREE if word is None else made(CALLED.get(word, word), *parts)
        case scalars.Conditional():
            return _conditional(thing, names)
    return _formula_of_lists(thing, names)


def _formula_of_lists(thing: Any, names: Mapping[str, Any]) -> Any:
    match thing:
        case Listed():
            return made("list", *(formula_of(item, names) for item in thing.items))
        case Index():
            return made("item", formula_of(thing.owner, names), formula_of(thing.place, names))
        case FunctionCall():
            return _called(thing, names)
    return unknown(thing, names)


def _called(thing: FunctionCall, names: Mapping[str, Any]) -> Any:
    """What a function of the spec computes, over the formulas of its arguments."""
    depth = names.get(DEPTH, 0) + 1
    if depth > NESTED:
        return unknown(thing, names)
    inner: dict[str, Any] = {DEPTH: depth}
    for name, given in thing.arguments:
        default = given is None
        inner[name] = (
            formula_of(thing.body.defaults[name], inner) if default else (formula_of(given, names))
        )
    for name, scalar in thing.body.lets:
        inner[name] = formula_of(scalar, inner)
    found = formula_of(thing.body.result, inner)
    return found if is_known(found) else unknown(thing, names)


def _size(thing: scalars.Size, names: Mapping[str, Any]) -> Any:
    tensor = names.get(thing.name)
    if tensor is None or not hasattr(tensor, "_asdict"):
        return FREE
    if thing.attribute == "shape":
        return made("size", *map(of, shape(tensor)))
    return of(getattr(tensor, thing.attribute))


def _conditional(thing: scalars.Conditional, names: Mapping[str, Any]) -> Any:
    condition = formula_of(thing.condition, names)
    if isinstance(condition, bool):
        return formula_of(thing.yes if condition else thing.no, names)
    if not is_known(condition):
        return unknown(thing, names)
    yes, no = formula_of(thing.yes, names), formula_of(thing.no, names)
    return made("if", condition, yes, no)
