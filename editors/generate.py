"""Writes what the editors' grammars share with the language: ``python -m editors.generate``.

Keywords and terminals have one source, ``grammar/arch.lark``. From its tables come the whole
TextMate grammar and the words that the tree-sitter grammar is built of.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archdsl.syntax.tables import load_tables
from archdsl.syntax.words import KEYWORDS
from editors.textmate import grammar

FOLDER = Path(__file__).parent
TEXTMATE = FOLDER / "vscode" / "syntaxes" / "arch.tmLanguage.json"
TERMINALS = FOLDER / "tree-sitter-arch" / "terminals.json"
UNBOUNDED = {"NAME": ("{0,63}", "*"), "STRING": ("{0,200}", "*")}
"""Bounds that an editor leaves to the compiler, which says in words that something is too long."""


def terminals() -> dict[str, Any]:
    """The keywords, whether a blank follows each, and the regexes of what else is no mark."""
    regexes = load_tables().terminals
    blank = regexes["WS"]
    return {
        "keywords": {word: regexes[t].endswith(blank) for t, word in KEYWORDS.items()},
        "terminals": {
            t.lower(): _plain(regexes[t].replace(*UNBOUNDED.get(t, ("", ""))))
            for t in ("WS", "COMMENT", "NAME", "NUMBER", "STRING", "UNIT", "COMPARE")
        },
    }


def files() -> dict[Path, str]:
    """Each generated file and its text."""
    return {TEXTMATE: _json(grammar()), TERMINALS: _json(terminals())}


def _plain(regex: str) -> str:
    """A regex in which odd characters are escaped, without groups that keep nothing."""
    escaped = "".join(c if " " <= c <= "~" else f"\\u{ord(c):04x}" for c in regex)
    return escaped.replace("(?:", "(")


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
