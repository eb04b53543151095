"""An expression as one line of text. Lays out nothing until it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archdsl.syntax.nodes import Expression


def expression_text(expression: Expression) -> str:
    """The canonical spelling of an expression on one line, comments left out."""
    from archdsl.syntax import spelling

    return spelling.expression_text(expression)
