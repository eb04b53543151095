"""The stamp on a generated file: tells one edited by hand from one nobody touched."""

from __future__ import annotations

import hashlib

MARK = "# archdsl stamp "


def seal(text: str) -> str:
    """The text with the hash of everything but its stamp as second line."""
    first, _, rest = text.partition("\n")
    return f"{first}\n{MARK}{_digest(first, rest)}\n{rest}"


def is_untouched(text: str) -> bool:
    """Whether a sealed text is as it was sealed. Line ends of another system do not count."""
    first, _, after = text.replace("\r\n", "\n").partition("\n")
    stamp, _, rest = after.partition("\n")
    return stamp == MARK + _digest(first, rest)


def _digest(first: str, rest: str) -> str:
    return hashlib.sha256(f"{first}\n{rest}".encode()).hexdigest()[:32]
