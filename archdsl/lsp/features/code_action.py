"""Quick fixes: those of the findings, each tried before it is offered; accepting a principle that
is broken; and all fixes at once that cannot change what a text means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from archdsl.edited import is_of
from archdsl.lsp.edits import between, of_fix
from archdsl.lsp.findings import placed, told_as
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.lsp.findings import Placed
    from archdsl.lsp.positions import Positions
    from archdsl.lsp.session import Document, Session

METHOD = types.TEXT_DOCUMENT_CODE_ACTION
ALL = "source.fixAll.archdsl"
KINDS = (types.CodeActionKind.QuickFix, ALL)
OPTIONS = types.CodeActionOptions(code_action_kinds=[*KINDS])


async def answer(session: Session, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The changes that are offered for a part of a text."""
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    uri = params.text_document.uri
    by_itself = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    read = await session.read(uri)
    if read is None or (by_itself and not _is_told(session, read, params.range)):
        return []
    document = await session.checked(uri, at_once=not by_itself)
    if document is None:
        return []
    found: list[types.CodeAction] = []
    if not only or any(_is_within("quickfix", kind) for kind in only):
        positions = session.positions(document.text)
        for one in _within(params.range, document, positions):
            told = [told_as(one, positions, session)]
            found += _fix(one, document, positions, told)
            found += _allow(one, document, positions, told)
    if any(_is_within(ALL, kind) for kind in only):
        found += await _all(session, document)
    return found


def _is_told(session: Session, document: Document, range_: types.Range) -> bool:
    """Whether something is known already to be said of a part of a text: an editor asks wherever
    the cursor goes, and what it asks for takes a check."""
    return any(_within(range_, document, session.positions(document.text)))


def _within(range_: types.Range, document: Document, positions: Positions) -> Iterator[Placed]:
    """The findings that touch a part of a text."""
    start, end = positions.offset(range_.start), positions.offset(range_.end)
    return (one for one in placed(document) if one.start <= end and start <= one.end)


def _is_within(kind: str, asked: str) -> bool:
    return kind == asked or kind.startswith(f"{asked}.")


def _fix(
    one: Placed, document: Document, positions: Positions, told: list[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    fix = one.found.fix
    if not document.is_checked or fix is None or not is_of(fix, document.known.source):
        return
    yield types.CodeAction(
        fix.title[:1].upper() + fix.title[1:],
        kind=types.CodeActionKind.QuickFix,
        diagnostics=told,
        is_preferred=fix.safe,
        edit=types.WorkspaceEdit({document.uri: of_fix(fix, positions)}),
    )


def _allow(
    one: Placed, document: Document, positions: Positions, told: list[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    """A line that accepts a broken principle in the architecture it was found in."""
    slug, tree = one.found.rule, document.known.tree
    arches = [item for item in tree.items if isinstance(item, ast.Arch)] if tree is not None else []
    around = [arch for arch in arches if arch.span.start <= one.start <= arch.span.end]
    around = around or (arches if len(arches) == 1 else [])
    models = [item for arch in around for item in arch.items if isinstance(item, ast.Model)]
    if not slug or not models:
        return
    at = models[0].span.start
    line = document.text[:at].rpartition("\n")[2]
    indent = re.match(r"[ \t]*", line)[0]  # type: ignore[index]
    edit = types.TextEdit(positions.range(at, at), f'allow {slug} because "say why"\n{indent}')
    yield types.CodeAction(
        f"Accept it: allow {slug}",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=told,
        edit=types.WorkspaceEdit({document.uri: [edit]}),
    )


async def _all(session: Session, document: Document) -> list[types.CodeAction]:
    text = await session.worker.ask("fixed", document.known.snapshot)
    if text is None or text == document.text:
        return []
    edits = between(document.text, text, session.positions(document.text))
    edit = types.WorkspaceEdit({document.uri: edits})
    return [types.CodeAction("Apply all safe fixes", kind=ALL, edit=edit)]
