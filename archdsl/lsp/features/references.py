"""Wherever something is named, in all files of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.pointing import pointed
from archdsl.lsp.project import named_in

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_REFERENCES


async def answer(session: Session, params: types.ReferenceParams) -> list[types.Location] | None:
    """The places that name what is named at another."""
    place = await pointed(session, params)
    if place is None or place.symbol is None:
        return None
    found = []
    for one in named_in(session, place.document, place.symbol):
        positions = session.positions(one.text)
        for use in one.uses:
            is_declaration = use.span == place.symbol.span
            if params.context.include_declaration or not is_declaration:
                found.append(types.Location(one.uri, positions.range_of(use.span)))
    return found
