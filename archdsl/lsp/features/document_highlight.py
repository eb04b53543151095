"""The same name elsewhere in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.pointing import pointed

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT


async def answer(
    session: Session, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    """The places of a text that name what is named at another."""
    place = await pointed(session, params)
    if place is None or place.symbol is None:
        return None
    return [
        types.DocumentHighlight(
            place.positions.range_of(one.span),
            types.DocumentHighlightKind.Write
            if one.span == place.symbol.span
            else types.DocumentHighlightKind.Read,
        )
        for one in place.names.of(place.symbol)
    ]
