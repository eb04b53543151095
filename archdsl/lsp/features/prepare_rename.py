"""Whether what is named at a place can be renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.renaming import refusal

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_PREPARE_RENAME


async def answer(session: Session, params: types.PrepareRenameParams) -> types.Range | None:
    """The name, where it is one that the project gave."""
    document = await session.read(params.text_document.uri)
    names = session.names(document) if document is not None else None
    if document is None or names is None:
        return None
    positions = session.positions(document.text)
    use = names.at(positions.offset(params.position))
    if use is None or use.symbol is None or refusal(use.symbol):
        return None
    return positions.range_of(use.span)
