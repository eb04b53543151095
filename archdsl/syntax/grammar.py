"""Where the grammar's text is: inside the wheel, or at the top of a source checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def grammar_text() -> str:
    """The text of ``arch.lark``."""
    packaged = _PACKAGE / "_grammar" / "arch.lark"
    path = packaged if packaged.is_file() else _PACKAGE.parent / "grammar" / "arch.lark"
    return path.read_text(encoding="utf-8")
