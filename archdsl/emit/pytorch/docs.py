"""Docstrings: what a spec says about its blocks, wrapped and escaped."""

from __future__ import annotations

import re
from textwrap import wrap
from typing import TYPE_CHECKING

from archdsl.emit.pytorch.layout import WIDTH
from archdsl.emit.pytorch.literals import docstring

if TYPE_CHECKING:
    from archdsl.source import Span

QUOTES = 8  # columns taken by the indent and the quotes around


def paragraphs(text: str) -> list[str]:
    """The escaped lines of a docstring, none too long."""
    return [line for part in text.split("\n") for line in _wrapped(part)]


def _wrapped(line: str) -> list[str]:
    escaped = docstring(line)
    return wrap(escaped, WIDTH - QUOTES - 3, break_on_hyphens=False) or [""]


def comment_above(span: Span) -> str:
    """What the comment directly above a block says first, on one line.

    The comment that opens a file with an ``arch`` is about the file.
    """
    lines = span.source.text[: span.start].split("\n")[:-1]
    said: list[str] = []
    for line in reversed(lines):
        if not line.lstrip().startswith("#"):
            break
        said.append(line.strip().lstrip("#").strip())
    if len(said) == len(lines) and re.search(r"^arch ", span.source.text, re.MULTILINE):
        return ""
    words: list[str] = []
    for line in reversed(said):
        if not line:
            break
        words.append(line)
    return _clause(" ".join(words))


def _clause(sentence: str) -> str:
    if len(sentence) <= WIDTH - QUOTES - 4:
        return sentence
    return re.split(r"[.;:](?= )", sentence)[0].removesuffix(".") + "."


def signature(text: str) -> str:
    """The head of a block as the spec writes it, on one line."""
    found = re.match(r"\s*(?:shared\s+)?block\s+(\w+)\s*", text)
    if found is None:
        return ""
    rest = text[found.end() :]
    depth = 0
    for at, character in enumerate(rest if rest.startswith("(") else ""):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return found.group(1) + " ".join(rest[: at + 1].split())
    return found.group(1)
