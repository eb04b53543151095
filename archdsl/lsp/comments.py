"""The comment that stands above what a file declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archdsl.source import Span


def above(span: Span) -> str:
    """The lines of comment right above a place."""
    text = span.source.text
    lines = text[: text.rfind("\n", 0, span.start) + 1].split("\n")[:-1]
    found: list[str] = []
    for line in reversed(lines):
        if not line.strip().startswith("#"):
            break
        found.append(line.strip().removeprefix("#").removeprefix(" "))
    return "\n".join(reversed(found))
