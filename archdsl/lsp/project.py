"""The other files of a project that may speak of the same things."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl import api, content
from archdsl.diagnostics import SpecError
from archdsl.lsp.analysis import used_items
from archdsl.lsp.findings import address
from archdsl.lsp.names import BLOCK, DEVICE, FUNCTION, PARAMETER, Names
from archdsl.source import shown_path
from archdsl.syntax.bounds import MAX_SOURCE_BYTES
from archdsl.syntax.parser import parse_tolerant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.lsp.names import Symbol, Use
    from archdsl.lsp.session import Document, Session

MOST_FILES = 500
SHARED = (BLOCK, FUNCTION, DEVICE, PARAMETER)  # what other files may name


class Named(NamedTuple):
    """A file in which something is named: its address, its names, and the places."""

    uri: str
    names: Names
    uses: list[Use]

    @property
    def text(self) -> str:
        return self.names.tree.source.text


def named_in(session: Session, document: Document, symbol: Symbol) -> Iterator[Named]:
    """The files in which something is named, that of the request first."""
    names = session.names(document)
    assert names is not None
    yield Named(document.uri, names, names.of(symbol))
    if symbol.kind not in SHARED:
        return
    own = os.path.realpath(document.path) if document.path is not None else ""
    with content.unsaved(session.unsaved()):
        for path in _files(session, document):
            if os.path.realpath(path) != own:
                yield from _in_file(path, symbol)


def _in_file(path: Path, symbol: Symbol) -> Iterator[Named]:
    try:
        source = content.decoded(content.content_of(path, MAX_SOURCE_BYTES), shown_path(path))
    except (OSError, SpecError):
        return
    declares = source.name == symbol.span.source.name
    if symbol.name not in source.text or not (declares or "use" in source.text):
        return
    tree, _ = parse_tolerant(source)
    if tree is None:
        return
    names = Names(tree, used_items(tree, source, api.project_root(path)))
    uses = names.of(symbol)
    if uses:
        yield Named(address(path), names, uses)


def _files(session: Session, document: Document) -> list[Path]:
    """The .arch files of a project, hidden folders left out, and those that are open."""
    found = {one.path: None for one in session.documents.values() if one.path is not None}
    root = document.known.snapshot.root
    if document.path is None or root is None:
        return [*found]
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        found.update((Path(folder, one), None) for one in sorted(files) if one.endswith(".arch"))
        if len(found) >= MOST_FILES:
            break
    return [*found][:MOST_FILES]
