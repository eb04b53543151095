"""From syntax to rows of layers: ``each`` with what it goes through, and ``permute``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.selections import (
    Order,
    Rows,
    SelectedRows,
    Selection,
    Subset,
    ValueRow,
)
from archdsl.resolve.lower_branches import named, picked_from
from archdsl.resolve.lower_values import known_value, lower_value, series
from archdsl.resolve.options import call_values
from archdsl.resolve.scope import LAYER, sort_of
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.evaluate.scalars import Series
    from archdsl.resolve.options import Names
    from archdsl.resolve.scope import Labels, Scope

SELECTIONS = ("pick", "permute")


def counted(node: ast.Call, scope: Scope, labels: Labels, label: str) -> Series | ValueRow | Rows:
    """What an ``each`` goes through: a range, a list, or values that are picked or put in order."""
    inner = labels.under(label)
    source = node.arguments[0].value
    if isinstance(source, ast.Range):
        return series(source, scope, inner, label)
    if not isinstance(source, ast.Call) or source.function.id not in SELECTIONS:
        return Rows(known_value(source, scope, inner))
    word = source.function.id
    count, options, names = picked_from(source) if word == "pick" else (None, *several(source))
    number = None
    if count is not None:
        number = known_value(count, scope, inner.under(inner.claim("count")), whole=True)
    if len(options) == 1 and names[0] is None:
        return SelectedRows(known_value(options[0], scope, inner), number, label, source.span)
    values = tuple(lower_value(option, scope, inner) for option in options)
    called = call_values(values, options, names).as_texts()
    selection: Selection = Order(label, *called, source.span)
    if number is not None:
        selection = Subset(label, number, called.labels, source.span, called.spellings)
    return ValueRow(selection, values, source.span)


def is_each(node: ast.Call, scope: Scope) -> bool:
    """Whether a call of ``each`` reads as one."""
    if len(node.arguments) != 2 or not node.arguments[0].name or node.arguments[1].name:
        return False
    source = node.arguments[0].value
    if isinstance(source, ast.Call) and source.function.id in SELECTIONS:
        return True
    return sort_of(source, scope) != LAYER


def names_of(argument: ast.Argument) -> tuple[str, ...]:
    """The names that ``each`` binds in each copy. Raises for one that stands there twice."""
    if not isinstance(argument, ast.Unpacked):
        return (str(argument.name),)
    names = tuple(name.id for name in argument.names)
    for place, name in enumerate(argument.names):
        if name.id in names[:place]:
            message = f"`{name.id}` stands here twice"
            raise SpecError(Diagnostic("E207", message, name.span, needed="another name"))
    return names


def bad_each(node: ast.Call) -> Diagnostic:
    return Diagnostic(
        "E218",
        "`each` does not read like this",
        node.span,
        needed="`each(i = 1 to 3, layer)`, or values in place of the range: "
        "`[16, 32]`, `pick(2, 16, 32, 64)`, `permute(3, 5, 7)`",
    )


def several(node: ast.Call) -> tuple[tuple[ast.Expression, ...], Names]:
    """What a ``permute`` holds, and names for it. Raises when that is nothing."""
    if node.arguments:
        return named(node.arguments)
    word = node.function.id
    message = f"`{word}` holds nothing"
    raise SpecError(Diagnostic("E219", message, node.span, needed=f"`{word}(a, b, c)`"))
