"""Where something is declared: in the text, in a file that it uses, or in the library; and the file
that a ``use`` names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.findings import address, location_of
from archdsl.lsp.pointing import pointed
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.lsp.session import Document, Session

METHOD = types.TEXT_DOCUMENT_DEFINITION


async def answer(session: Session, params: types.DefinitionParams) -> types.Location | None:
    """The place that declares what is named at another."""
    place = await pointed(session, params)
    if place is None:
        return None
    if place.symbol is not None:
        return location_of(place.symbol.span, session)
    return _used(place.names.tree, place.offset, place.document)


def _used(tree: ast.File, offset: int, document: Document) -> types.Location | None:
    for item in tree.items:
        span = item.span
        if isinstance(item, ast.Use) and span.start <= offset <= span.end and document.path:
            path = Path(os.path.realpath(document.path.parent / item.path.value))
            if path.is_file():
                start = types.Position(0, 0)
                return types.Location(address(path), types.Range(start, start))
    return None
