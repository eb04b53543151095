"""The fenced blocks of a Markdown page, each with the spec that stands before it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/language.md", "docs/principles.md")
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Snippet(NamedTuple):
    """A fenced block: its kind, text and line, and the last ``arch`` block above it."""

    page: str
    line: int
    kind: str
    text: str
    spec: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def snippets(*kinds: str) -> list[Snippet]:
    """All blocks of some kinds."""
    return [found for page in PAGES for found in _snippets(page) if found.kind in kinds]


def _snippets(page: str) -> list[Snippet]:
    text = (ROOT / page).read_text(encoding="utf-8")
    found, spec = [], ""
    for match in _FENCED.finditer(text):
        kind, body = match.groups()
        line = text.count("\n", 0, match.start()) + 1
        spec = body if kind == "arch" else spec
        found.append(Snippet(page, line, kind, body, spec))
    return found


def mistaken() -> set[str]:
    """The specs shown for their errors."""
    return {snippet.spec for snippet in snippets("text")}
