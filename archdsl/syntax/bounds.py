"""How large a source may be: each bound has its own diagnostic, and `Limits` raises it."""

from __future__ import annotations

from dataclasses import dataclass

MAX_SOURCE_BYTES = 1 << 20
"""Bytes of one source in UTF-8."""

MAX_TOKENS = 75_000
"""Tokens of one source: what bounds the time a parse takes."""

MAX_NESTING = 64
"""Brackets open at once, and levels of one expression's tree."""

MAX_NUMBER_DIGITS = 18
"""Digits before, and digits after, a number's point."""

MAX_NAME = 64
"""Characters of a name."""

MAX_STRING = 200
"""Characters of a string."""

MAX_ERRORS = 20
"""Errors reported in one run."""


MAX_FILES = 64
"""Files that one spec uses, directly or through others."""

MAX_USED_BYTES = 1 << 22
"""Bytes of all files that one spec uses."""


@dataclass(frozen=True)
class Limits:
    """The bounds of one parse; raising one is the caller's own risk."""

    source_bytes: int = MAX_SOURCE_BYTES
    tokens: int = MAX_TOKENS
    nesting: int = MAX_NESTING
    number_digits: int = MAX_NUMBER_DIGITS
    name: int = MAX_NAME
    string: int = MAX_STRING
    errors: int = MAX_ERRORS
    files: int = MAX_FILES
    used_bytes: int = MAX_USED_BYTES


DEFAULT_LIMITS = Limits()


def raising(bound: str) -> str:
    """How whoever meets a bound raises it."""
    return f"raise the bound with --bound {bound}=…"
