"""Text from a spec made safe to show: what it contains is visible and stays on its line."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, combining, east_asian_width

# Controls (escape sequences, \r), formats (bidi overrides, zero-width), surrogates, unassigned and
# private characters, line and paragraph separators.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"))


@lru_cache(maxsize=4096)
def shown(character: str) -> str:
    """A character as it may be printed: ``\\x1b``, ``\\u202e`` for those that act or hide."""
    if character.isascii() and character.isprintable():
        return character
    if category(character) not in _HIDDEN:
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str) -> str:
    """A text on one line with nothing hidden in it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(shown, text))


def width(text: str) -> int:
    """Terminal columns that a visible text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1
