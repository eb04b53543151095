"""Another name for something, wherever it is named in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from archdsl.lsp.pointing import pointed
from archdsl.lsp.project import named_in
from archdsl.lsp.renaming import objection, refusal

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_RENAME
OPTIONS = types.RenameOptions(prepare_provider=True)


async def answer(session: Session, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """The edits of all files; refused where the name is taken, or means something else."""
    place = await pointed(session, params)
    if place is None or place.symbol is None:
        return None
    found = list(named_in(session, place.document, place.symbol))
    files = [one.names for one in found]
    why = refusal(place.symbol) or objection(place.symbol, params.new_name, files)
    if why:
        raise JsonRpcInvalidParams(why)
    changes = {}
    for one in found:
        positions = session.positions(one.text)
        changes[one.uri] = [
            types.TextEdit(positions.range_of(use.span), params.new_name) for use in one.uses
        ]
    return types.WorkspaceEdit(changes)
