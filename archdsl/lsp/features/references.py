"""Wherever something is named, in all files of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.project import named_in

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_REFERENCES


async def answer(session: Session, params: types.ReferenceParams) -> list[types.Location] | None:
    """The places that name what is named at another."""
    document = await session.read(params.text_document.uri)
    names = session.names(document) if document is not None else None
    if document is None or names is None:
        return None
    use = names.at(session.positions(document.text).offset(params.position))
    if use is None or use.symbol is None:
        return None
    found = []
    for one in named_in(session, document, use.symbol):
        positions = session.positions(one.text)
        for place in one.uses:
            is_declaration = place.span == use.symbol.span
            if params.context.include_declaration or not is_declaration:
                found.append(types.Location(one.uri, positions.range_of(place.span)))
    return found
