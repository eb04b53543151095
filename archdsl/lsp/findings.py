"""Findings as the protocol has them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types
from pygls import uris

from archdsl.catalog import files
from archdsl.diagnostics import LIBRARY, Severity
from archdsl.lsp.drift import Drift
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.diagnostics import Diagnostic
    from archdsl.lsp.positions import Positions
    from archdsl.lsp.session import Document, Session
    from archdsl.source import Source, Span

SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
SOURCE = "archdsl"
MOST_CALLS = 8  # of a trail that are told


class Placed(NamedTuple):
    """A finding, and where it is in the text as it is now."""

    found: Diagnostic
    start: int
    end: int


def publish(session: Session, document: Document) -> None:
    """Tell the editor what there is to say of a text."""
    positions = session.positions(document.text)
    told = [told_as(one, positions, session) for one in placed(document)]
    session.server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(document.uri, told, document.version)
    )


def placed(document: Document) -> Iterator[Placed]:
    """The findings of a text. While those of a space are still looked for, the last ones are, as
    far as they stand in what was not changed."""
    known = document.known
    if document.report is not None and (document.is_checked or known.findings is None):
        text, report = document.report
        yield from _moved(report.diagnostics, Drift(text, document.text), document)
    elif known.findings is not None:
        yield from _moved(known.findings, Drift(document.text, document.text), document)


def _moved(findings: Sequence[Diagnostic], drift: Drift, document: Document) -> Iterator[Placed]:
    name = document.known.source.name
    for found in findings:
        span = found.span
        if span is not None and span.source.name == name:
            place = drift.span(span.start, span.end)
        else:
            place = _way_to(span, document)
        if place is not None:
            yield Placed(found, *place)


def _way_to(span: Span | None, document: Document) -> tuple[int, int]:
    """Where a text brings in what another file says: the ``use`` that names it, or the first."""
    tree = document.known.tree
    used = [item for item in tree.items if isinstance(item, ast.Use)] if tree is not None else []
    if span is None or not used:
        return 0, 0
    file = os.path.basename(span.source.name)  # noqa: PTH119 - it may be no path
    named = [one for one in used if one.path.value.endswith(file)]
    place = (named or used)[0].path.span
    return place.start, place.end


def told_as(one: Placed, positions: Positions, session: Session) -> types.Diagnostic:
    """A finding for the editor."""
    found = one.found
    return types.Diagnostic(
        positions.range(one.start, one.end),
        message(found),
        SEVERITIES[found.severity],
        found.code,
        source=SOURCE,
        related_information=_related(found, session) or None,
    )


def message(found: Diagnostic) -> str:
    """All that a finding says."""
    lines = [found.message]
    lines += [found.label] if found.label else []
    lines += [f"needed: {found.needed}"] if found.needed else []
    lines += [f"note: {note}" for note in found.notes]
    lines += [f"help: {found.help}"] if found.help else []
    return "\n".join(lines)


def _related(found: Diagnostic, session: Session) -> list[types.DiagnosticRelatedInformation]:
    """The other places that a finding speaks of."""
    told = []
    for label in found.trail[:MOST_CALLS]:
        location = location_of(label.span, session)
        if location is not None:
            told.append(types.DiagnosticRelatedInformation(location, label.text))
    return told


def location_of(span: Span, session: Session) -> types.Location | None:
    """Where a span is, in a file of the project or of the library; None in a text that is none."""
    uri = uri_of(span.source, session)
    if uri is None:
        return None
    return types.Location(uri, session.positions(span.source.text).range_of(span))


def uri_of(source: Source, session: Session) -> str | None:
    """The address of a source's file."""
    name = source.name
    if name.startswith(LIBRARY):
        return address(files("archdsl.library", ".arch")[Path(name).stem])
    for document in session.documents.values():
        if document.analysis is not None and document.analysis.source.name == name:
            return document.uri
    path = Path(os.path.realpath(name))
    return address(path) if path.is_file() else None


def address(path: Path) -> str:
    """A file as the protocol names it."""
    return str(uris.from_fs_path(str(path)))
