"""Lark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax.export import Export
from archdsl.syntax.grammar import grammar_text

if TYPE_CHECKING:
    from archdsl.syntax.names import Names


class Lark(Export):
    """Lark's own form, as the language is written in: for parsers (LALR, contextual lexer)."""

    closable = False

    def text(self, names: Names | None = None) -> str:
        return grammar_text()
