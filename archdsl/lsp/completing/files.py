"""The files that a text can use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archdsl.lsp.completing.proposals import Kind, Place, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST = 200
DEEP = 4  # folders below


def proposed(place: Place) -> Iterator[Proposal]:
    """The paths of .arch files, from the folder of the text."""
    path = place.document.path
    if place.cursor.quoted is None or place.cursor.clause != "use" or path is None:
        return
    folder = path.parent
    found = [file for file in _below(folder, DEEP) if file != path]
    for file in found[:MOST]:
        yield Proposal(os.path.relpath(file, folder).replace(os.sep, "/"), Kind.File, 0)


def _below(folder: Path, deep: int) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries[:MOST]:
        if entry.name.startswith("."):
            continue
        if entry.suffix == ".arch":
            yield entry
        elif deep and entry.is_dir():
            yield from _below(entry, deep - 1)
