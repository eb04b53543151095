"""From syntax to rows of layers: ``each`` with what it goes through, and ``permute``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.selections import AllOf, Order, Selection, Subset, ValueRow
from archdsl.resolve.lower_branches import named, picked_from
from archdsl.resolve.lower_values import known_value, lower_value, series
from archdsl.resolve.options import call_values
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.evaluate.scalars import Series
    from archdsl.resolve.options import Names
    from archdsl.resolve.scope import Labels, Scope

OF_VALUES = ("pick", "permute", "list")


def counted(node: ast.Call, scope: Scope, labels: Labels, label: str) -> Series | ValueRow:
    """What an ``each`` goes through: a range, or values that are listed, picked or put in order."""
    inner = labels.under(label)
    source = node.arguments[0].value
    if isinstance(source, ast.Range):
        return series(source, scope, inner, label)
    assert isinstance(source, ast.Call)
    word = source.function.id
    count, options, names = picked_from(source) if word == "pick" else (None, *several(source))
    values = tuple(lower_value(option, scope, inner) for option in options)
    if word == "list":
        return ValueRow(AllOf(len(values)), values, source.span)
    called = call_values(values, options, names).as_texts()
    selection: Selection
    if count is not None:
        number = known_value(count, scope, inner.under(inner.claim("count")), whole=True)
        selection = Subset(label, number, called.labels, source.span, called.spellings)
    else:
        selection = Order(label, *called, source.span)
    return ValueRow(selection, values, source.span)


def is_each(node: ast.Call) -> bool:
    """Whether a call of ``each`` reads as one."""
    if len(node.arguments) != 2 or not node.arguments[0].name or node.arguments[1].name:
        return False
    source = node.arguments[0].value
    if isinstance(source, ast.Range):
        return True
    return isinstance(source, ast.Call) and source.function.id in OF_VALUES


def bad_each(node: ast.Call) -> Diagnostic:
    return Diagnostic(
        "E218",
        "`each` does not read like this",
        node.span,
        needed="`each(i = 1 to 3, layer)`, or values in place of the range: "
        "`pick(2, 16, 32, 64)`, `permute(3, 5, 7)`, `list(16, 32)`",
    )


def several(node: ast.Call) -> tuple[tuple[ast.Expression, ...], Names]:
    """What a ``permute`` or ``list`` holds, and names for it. Raises when that is nothing."""
    if node.arguments:
        return named(node.arguments)
    word = node.function.id
    message = f"`{word}` holds nothing"
    raise SpecError(Diagnostic("E219", message, node.span, needed=f"`{word}(a, b, c)`"))
