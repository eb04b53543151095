"""The fenced blocks of a Markdown page, each with the spec that stands before it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "grammar/README.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


CODE = re.compile(r"\b[EWP]\d{3}\b")


class Snippet(NamedTuple):
    """A fenced block: its kind, text and line, the last ``arch`` block above it, and the codes that
    the page's introduction and the block's own section speak of."""

    page: str
    line: int
    kind: str
    text: str
    spec: str
    discussed: frozenset[str]

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
        about = _introduction(text) + _section(text, match.start())
        found.append(Snippet(page, line, kind, body, spec, frozenset(CODE.findall(about))))
    return found


def _introduction(text: str) -> str:
    return text.partition("\n## ")[0]


def _section(text: str, at: int) -> str:
    end = text.find("\n## ", at)
    return text[max(text.rfind("\n## ", 0, at), 0) : end if end >= 0 else len(text)]


def rejected() -> set[str]:
    """The specs shown for an error."""
    return {snippet.spec for snippet in snippets("text") if snippet.text.startswith("error")}
