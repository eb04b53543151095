"""Whether what is named at a place can be renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.pointing import pointed
from archdsl.lsp.renaming import refusal

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_PREPARE_RENAME


async def answer(session: Session, params: types.PrepareRenameParams) -> types.Range | None:
    """The name, where it is one that the project gave."""
    place = await pointed(session, params)
    if place is None or place.use is None or place.symbol is None or refusal(place.symbol):
        return None
    return place.positions.range_of(place.use.span)
