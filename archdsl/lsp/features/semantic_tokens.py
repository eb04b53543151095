"""What each word is, so that an editor can colour it: by what it means, not by how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from archdsl.cost import catalog as metrics
from archdsl.explain.functions import functions
from archdsl.lsp.names import (
    ARCH,
    BLOCK,
    COUNTER,
    DEVICE,
    FUNCTION,
    INPUT,
    LET,
    MODULE,
    PARAMETER,
    TASK,
)
from archdsl.lsp.pages import CLAUSE_WORDS
from archdsl.ops import catalog as ops
from archdsl.resolve.blocks import library
from archdsl.syntax.cursor import words_of
from archdsl.syntax.words import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.lsp.names import Names, Use
    from archdsl.lsp.session import Document, Session
    from archdsl.syntax.scanner import Token

METHOD = types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL
TYPES = (
    "keyword", "number", "string", "comment", "operator", "function", "class", "parameter",
    "variable", "property", "type", "enumMember", "struct", "namespace",
)  # fmt: skip
MODIFIERS = ("declaration", "defaultLibrary")
OPTIONS = types.SemanticTokensLegend(token_types=[*TYPES], token_modifiers=[*MODIFIERS])
OPERATORS = {"->", "|", "*", "+", "-", "/", "//", "%", "^", "<=", ">=", "==", "!=", "<", ">"}
KINDS = {
    BLOCK: "class", FUNCTION: "function", PARAMETER: "parameter", LET: "variable",
    MODULE: "variable", COUNTER: "parameter", INPUT: "variable", TASK: "variable",
    DEVICE: "struct", ARCH: "namespace",
}  # fmt: skip


class Coloured(NamedTuple):
    """A word of one line: its place, its type, and the modifiers as bits."""

    start: int
    end: int
    type: str
    modifiers: int = 0


async def answer(
    session: Session, params: types.SemanticTokensParams
) -> types.SemanticTokens | None:
    """All words of a text, each told by how far it is behind the one before it."""
    document = await session.read(params.text_document.uri)
    if document is None:
        return None
    positions = session.positions(document.text)
    data: list[int] = []
    line = column = 0
    for one in coloured(document, session.names(document)):
        place = positions.position(one.start)
        behind = place.character - (column if place.line == line else 0)
        length = positions.units(one.start, one.end)
        data += [place.line - line, behind, length, TYPES.index(one.type), one.modifiers]
        line, column = place.line, place.character
    return types.SemanticTokens(data)


def coloured(document: Document, names: Names | None) -> list[Coloured]:
    """The words of a text in order."""
    tokens, comments = words_of(document.known.source)
    uses = {use.span.start: use for use in names.uses} if names is not None else {}
    found = [Coloured(start, end, "comment") for start, end in comments]
    before = ""
    for token in tokens:
        found += _token(token, uses.get(token.start), before)
        before = token.terminal
    return sorted(found)


def _token(token: Token, use: Use | None, before: str) -> Iterator[Coloured]:
    end = token.start + len(token.text.rstrip())
    if token.terminal in KEYWORDS:
        yield Coloured(token.start, end, "keyword")
    elif token.terminal in ("NUMBER", "UNIT"):
        yield Coloured(token.start, end, "number")
    elif token.terminal == "STRING":
        yield Coloured(token.start, end, "string")
    elif token.text in OPERATORS:
        yield Coloured(token.start, end, "operator")
    elif token.terminal == "NAME":
        kind, modifiers = ("property", 0) if before == "DOT" else _name(token.text, use)
        yield Coloured(token.start, end, kind, modifiers)


def _name(word: str, use: Use | None) -> tuple[str, int]:
    """The type of a name, and whether it is declared here or is the language's own."""
    if use is not None and use.role == "argument":
        return "property", 0
    if use is not None and use.symbol is not None:
        declares = use.symbol.span == use.span
        return KINDS[use.symbol.kind], int(declares) | _is_library(word, use) << 1
    role = use.role if use is not None else ""
    if role in CLAUSE_WORDS:
        return "type", 2
    if role in ("flow", "rule"):
        return ("variable", 2) if role == "flow" else ("enumMember", 2)
    if ops.find(word) is not None or word in functions():
        return "function", 2
    return ("property", 2) if metrics.find(word) is not None else ("enumMember", 2)


def _is_library(word: str, use: Use) -> bool:
    assert use.symbol is not None
    return word in library() and use.symbol.span.source.name.startswith("archdsl/library/")
