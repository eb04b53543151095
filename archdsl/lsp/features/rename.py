"""Another name for something, wherever it is named in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from archdsl.lsp.project import named_in
from archdsl.lsp.renaming import objection, refusal

if TYPE_CHECKING:
    from archdsl.lsp.session import Session

METHOD = types.TEXT_DOCUMENT_RENAME
OPTIONS = types.RenameOptions(prepare_provider=True)


async def answer(session: Session, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """The edits of all files; refused where the name is taken, or means something else."""
    document = await session.read(params.text_document.uri)
    names = session.names(document) if document is not None else None
    if document is None or names is None:
        return None
    use = names.at(session.positions(document.text).offset(params.position))
    if use is None or use.symbol is None:
        return None
    found = list(named_in(session, document, use.symbol))
    files = [one.names for one in found]
    why = refusal(use.symbol) or objection(use.symbol, params.new_name, files)
    if why:
        raise JsonRpcInvalidParams(why)
    changes = {}
    for one in found:
        positions = session.positions(one.text)
        changes[one.uri] = [
            types.TextEdit(positions.range_of(place.span), params.new_name) for place in one.uses
        ]
    return types.WorkspaceEdit(changes)
