"""What constructors assume of arguments left out: copies of a block may differ there.

An op says it of the constructor that it spells; of a class that it defines, its text does.
"""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.modules import UNSET
from archdsl.ops.base import As

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.ops.base import Definition, Spelling


def default_of(spelling: Spelling, name: str) -> Any:
    """The value of an argument left out of an op's constructor, or :data:`UNSET` where that is
    not known here."""
    found = _defaults(spelling).get(name, UNSET)
    if isinstance(found, As) and spelling.module is not None:
        return spelling.module.arguments[found.other]
    return found


def followed(spelling: Spelling, name: str) -> str | None:
    """The argument that another one is as, where it is left out."""
    found = _defaults(spelling).get(name)
    return found.other if isinstance(found, As) else None


def order_of(spelling: Spelling, name: str) -> int:
    """The place of an argument among those that may be left out; the others stand before them."""
    known = list(_defaults(spelling))
    return known.index(name) if name in known else -1


def _defaults(spelling: Spelling) -> Mapping[str, Any]:
    module = spelling.module
    if module is None:
        return {}
    made_by = (one for one in spelling.definitions if one.name == module.callee)
    return {**next(map(_declared, made_by), {}), **module.defaults}


@cache
def _declared(definition: Definition) -> Mapping[str, Any]:
    """The defaults that the constructor of a class declares, or a function that makes a module."""
    makers = ("__init__", definition.name)
    defined = (n for n in ast.walk(ast.parse(definition.source)) if isinstance(n, ast.FunctionDef))
    made = [function for function in defined if function.name in makers]
    found: dict[str, Any] = {}
    for function in made[:1]:
        given = function.args
        places = zip(given.args[::-1], given.defaults[::-1], strict=False)
        named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
        for argument, default in (*reversed([*places]), *named):
            if isinstance(default, ast.Constant):
                found[argument.arg] = default.value
    return found
