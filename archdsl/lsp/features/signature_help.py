"""What the call that is being written takes, and which of it is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.lsp.signatures import signature_of
from archdsl.source import Source
from archdsl.syntax.cursor import cursor_at

if TYPE_CHECKING:
    from archdsl.lsp.session import Session
    from archdsl.lsp.signatures import Signature

METHOD = types.TEXT_DOCUMENT_SIGNATURE_HELP
OPTIONS = types.SignatureHelpOptions(trigger_characters=["(", ","])


async def answer(session: Session, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    """The signature of the innermost call around a place."""
    uri = params.text_document.uri
    document = session.documents.get(uri)
    if document is None or document.analysis is None:
        document = await session.read(uri)
    if document is None:
        return None
    offset = session.positions(document.text).offset(params.position)
    cursor = cursor_at(Source(document.text, uri), offset)
    calls = [call for call in cursor.calls if call.name]
    if not calls:
        return None
    found = signature_of(calls[0].name, cursor.clause, session.names(document))
    if found is None:
        return None
    active = found.active(calls[0])
    return types.SignatureHelp([_told(found)], active_signature=0, active_parameter=active)


def _told(found: Signature) -> types.SignatureInformation:
    parts, start = [], len(found.word) + 1
    for part in found.parts:
        label = (start, start + len(part.shown))
        parts.append(types.ParameterInformation(label, documentation=part.told or None))
        start += len(part.shown) + 2
    doc = types.MarkupContent(types.MarkupKind.Markdown, found.doc) if found.doc else None
    return types.SignatureInformation(found.label, documentation=doc, parameters=parts)
