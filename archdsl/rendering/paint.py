"""Colours are put on by whoever owns the terminal; the roles they are given to are named here."""

from __future__ import annotations

from collections.abc import Callable

Paint = Callable[[str, str], str]  # (role, text) -> text; a severity is a role too

STRONG = "strong"
GUTTER = "gutter"
ADDED = "added"
REMOVED = "removed"


def plain(role: str, text: str) -> str:
    """No colours."""
    return text
