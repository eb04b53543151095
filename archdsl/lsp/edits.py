"""Changes of texts as the protocol has them."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from archdsl.diagnostics import Fix
    from archdsl.lsp.positions import Positions


def between(old: str, new: str, positions: Positions) -> list[types.TextEdit]:
    """The lines of a text that differ in another, so that all else keeps its place; line ends stay
    those of the text."""
    ends = "\r\n" if "\r\n" in old else "\n"
    before = old.splitlines(keepends=True)
    after = [line.rstrip("\r\n") + ends for line in new.splitlines(keepends=True)]
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        types.TextEdit(positions.range(starts[first], starts[end]), "".join(after[start:stop]))
        for kind, first, end, start, stop in matcher.get_opcodes()
        if kind != "equal"
    ]


def of_fix(fix: Fix, positions: Positions) -> list[types.TextEdit]:
    """The edits of a fix of one text."""
    return [types.TextEdit(positions.range_of(e.span), e.replacement) for e in fix.edits]
