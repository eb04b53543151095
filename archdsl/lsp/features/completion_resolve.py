"""The page of a word that is proposed, once somebody looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.pages import page

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.COMPLETION_ITEM_RESOLVE


def answer(session: Session, item: types.CompletionItem) -> types.CompletionItem:
    """The item with its page."""
    asked = item.data if isinstance(item.data, dict) else {}
    text = page(str(asked.get("word", "")), str(asked.get("role", "")))
    if text:
        item.documentation = types.MarkupContent(types.MarkupKind.Markdown, text)
    return item
