"""The same name elsewhere in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT


async def answer(
    session: Session, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    """The places of a text that name what is named at another."""
    document = await session.read(params.text_document.uri)
    names = session.names(document) if document is not None else None
    if document is None or names is None:
        return None
    positions = session.positions(document.text)
    use = names.at(positions.offset(params.position))
    if use is None or use.symbol is None:
        return None
    return [
        types.DocumentHighlight(
            positions.range_of(one.span),
            types.DocumentHighlightKind.Write
            if one.span == use.symbol.span
            else types.DocumentHighlightKind.Read,
        )
        for one in names.of(use.symbol)
    ]
