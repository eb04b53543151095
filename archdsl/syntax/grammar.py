"""Where the grammar's text is: inside the wheel, or at the top of a source checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def grammar_text(name: str = "arch.lark") -> str:
    """The text of ``arch.lark``, or of another grammar beside it."""
    packaged = _PACKAGE / "_grammar" / name
    path = packaged if packaged.is_file() else _PACKAGE.parent / "grammar" / name
    return path.read_text(encoding="utf-8")
