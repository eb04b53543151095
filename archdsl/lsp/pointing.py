"""What is named at a place of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from lsprotocol import types

    from archdsl.lsp.names import Names, Symbol, Use
    from archdsl.lsp.positions import Positions
    from archdsl.lsp.session import Document, Session


class AtPlace(Protocol):
    """The parameters of whatever is asked about a place of a text."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


class Pointed(NamedTuple):
    """A place of a text, and the name that stands there, if one does."""

    document: Document
    positions: Positions
    names: Names
    offset: int
    use: Use | None

    @property
    def symbol(self) -> Symbol | None:
        """What the name means, where that is declared anywhere."""
        return self.use.symbol if self.use is not None else None


async def pointed(session: Session, params: AtPlace) -> Pointed | None:
    """The place that is asked about; None where its text has no names yet."""
    document = await session.read(params.text_document.uri)
    names = session.names(document) if document is not None else None
    if document is None or names is None:
        return None
    positions = session.positions(document.text)
    offset = positions.offset(params.position)
    return Pointed(document, positions, names, offset, names.at(offset))
