"""A text in the canonical layout, what ``archdsl fmt`` makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.diagnostics import SpecError
from archdsl.lsp.edits import between
from archdsl.syntax.format import format_source

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_FORMATTING


def answer(session: Session, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    """The lines that change; None for a text with syntax errors, which has no layout."""
    document = session.documents.get(params.text_document.uri)
    if document is None:
        return None
    try:
        text = format_source(document.text)
    except SpecError:
        return None
    return between(document.text, text, session.positions(document.text))
