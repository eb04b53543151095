"""What can be written at a place."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.catalog import files
from archdsl.lsp.completing.proposals import Place, Proposal
from archdsl.lsp.designs import SUFFIX, chosen, options, writing_at
from archdsl.source import Source
from archdsl.syntax.cursor import cursor_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.lsp.session import Document, Session

METHOD = types.TEXT_DOCUMENT_COMPLETION
OPTIONS = types.CompletionOptions(
    trigger_characters=["(", "=", ".", "|", ">", '"'], resolve_provider=True
)
PACKAGE = "archdsl.lsp.completing"


async def answer(session: Session, params: types.CompletionParams) -> types.CompletionList | None:
    """The words that can stand at a place of the text as it is now: what else is known may be of
    the text before, so that nobody waits."""
    uri = params.text_document.uri
    document = session.documents.get(uri)
    if document is not None and uri.endswith(SUFFIX):
        return await _of_design(session, document, params.position)
    if document is None or document.analysis is None:
        document = await session.read(uri)
    if document is None:
        return None
    positions = session.positions(document.text)
    offset = positions.offset(params.position)
    cursor = cursor_at(Source(document.text, document.uri), offset)
    if cursor.is_comment:
        return None
    place = Place(cursor, document, session.names(document))
    range_ = types.Range(positions.position(cursor.start), params.position)
    snippets = _fills_in(session)
    items = [_item(one, range_, snippets) for one in proposals(place)]
    return types.CompletionList(is_incomplete=False, items=items)


async def _of_design(
    session: Session, document: Document, position: types.Position
) -> types.CompletionList | None:
    """The paths of choices, or the options of one, in a design."""
    text, positions = document.text, session.positions(document.text)
    offset = positions.offset(position)
    writing = writing_at(text, offset)
    if writing is None:
        return None
    end = offset + text.startswith('"', offset) * text.startswith('"', writing.start)
    design = chosen(text, offset)
    known = await session.choices(document, design)
    if writing.path:
        point = known.get(writing.path)
        told = dict.fromkeys(options(point), "") if point is not None else {}
    else:
        told = {
            json.dumps(path, ensure_ascii=False): point.offered()
            for path, point in known.items()
            if path not in design
        }
    range_ = positions.range(writing.start, end)
    kind = types.CompletionItemKind.Value if writing.path else types.CompletionItemKind.Property
    items = [
        types.CompletionItem(
            word, kind=kind, detail=detail or None, text_edit=types.TextEdit(range_, word)
        )
        for word, detail in told.items()
    ]
    return types.CompletionList(is_incomplete=False, items=items)


def proposals(place: Place) -> list[Proposal]:
    """Each word once, as it is proposed first."""
    found: dict[str, Proposal] = {}
    for one in _all(place):
        found.setdefault(one.word, one)
    return sorted(found.values(), key=lambda one: (one.rank, one.word))


def _all(place: Place) -> Iterator[Proposal]:
    kinds = [import_module(f"{PACKAGE}.{name}") for name in files(PACKAGE)]
    for kind in kinds:
        if hasattr(kind, "proposed"):
            yield from kind.proposed(place)


def _fills_in(session: Session) -> bool:
    """Whether the editor fills in snippets."""
    document = session.server.client_capabilities.text_document
    completion = document.completion if document is not None else None
    item = completion.completion_item if completion is not None else None
    return bool(item is not None and item.snippet_support)


def _item(one: Proposal, range_: types.Range, snippets: bool) -> types.CompletionItem:
    fills = bool(snippets and one.snippet)
    return types.CompletionItem(
        one.word,
        kind=one.kind,
        detail=one.detail or None,
        sort_text=f"{one.rank}{one.word}",
        insert_text_format=types.InsertTextFormat.Snippet if fills else None,
        text_edit=types.TextEdit(range_, one.snippet if fills else one.word),
        data={"word": one.word, "role": one.role},
    )
