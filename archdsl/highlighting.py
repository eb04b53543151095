"""A Pygments lexer for the language: ``pygmentize -l arch``, Sphinx, MkDocs and Jupyter use it.

Pygments finds it by the entry point in ``pyproject.toml``; nothing else imports this module, so
Pygments is needed by who highlights alone. Whether a word is a keyword or a name shows by what
stands before it, as no name can follow a name: this holds for parts of files, too.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from archdsl.syntax.tables import load_tables
from archdsl.syntax.words import INFIX, KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

CONSTANTS = frozenset(("true", "false"))
FLOWING = "x"
_DECLARED = {
    "_ARCH": Name.Class,
    "_BLOCK": Name.Function,
    "_DEVICE": Name.Function,
    "_FUNCTION": Name.Function,
    "_LET": Name.Variable,
    "_MODULE": Name.Variable,
    "_ALLOW": Name.Label,
}
_PUNCTUATION = frozenset(("LPAR", "RPAR", "LSQB", "RSQB", "LBRACE", "RBRACE", "COMMA", "DOT"))
_BEHIND_A_VALUE = frozenset(("NAME", "NUMBER", "UNIT", "STRING", "RPAR", "RSQB", "RBRACE"))
_BEFORE_A_KEYWORD = frozenset(("", "LBRACE", "_SHARED", "_LOG")) | _BEHIND_A_VALUE
_KINDS = {"NUMBER": Number, "STRING": String, "UNIT": Keyword.Type, "COMMENT": Comment.Single}


class Word(NamedTuple):
    """A piece of a text and the terminal of the grammar that it is, "" where it is none."""

    terminal: str
    text: str
    start: int


def words_of(text: str) -> Iterator[Word]:
    """Every piece of a text in order, blanks and comments too, whether or not the text parses."""
    before = ""
    position = 0
    while position < len(text):
        terminal, end = _read(text, position, before)
        yield Word(terminal, text[position:end], position)
        position = end
        if terminal not in ("WS", "COMMENT", ""):
            before = terminal


class ArchLexer(Lexer):  # type: ignore[misc]
    """Highlights ``.arch`` files, the language of neural-network architectures."""

    name = "Arch"
    aliases = ("arch", "archdsl")
    filenames = ("*.arch",)
    mimetypes = ("text/x-arch",)

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, Any, str]]:
        words = tuple(words_of(text))
        plain = [w for w in words if w.terminal not in ("WS", "COMMENT")]
        following = dict(zip((w.start for w in plain), (*plain[1:], None), strict=True))
        before, depth = "", 0
        for word in words:
            after = following.get(word.start)
            yield word.start, _kind(word, before, after.terminal if after else "", depth), word.text
            depth += (word.terminal == "LPAR") - (word.terminal == "RPAR")
            if word.terminal not in ("WS", "COMMENT"):
                before = word.terminal


def _read(text: str, position: int, before: str) -> tuple[str, int]:
    """The terminal at a position and where it ends, by the terminal before it."""
    if before in _BEFORE_A_KEYWORD:
        match = _keywords().match(text, position)
        if match is not None:
            return str(match.lastgroup), match.end()
    if before == "NUMBER":
        match = _compiled("UNIT").match(text, position)
        if match is not None:
            return "UNIT", match.end()
    ends = [(m.end(), t) for t in _others() if (m := _compiled(t).match(text, position))]
    end, terminal = max(ends, default=(position + 1, ""))
    return terminal, end


def _kind(word: Word, before: str, after: str, depth: int) -> Any:
    """The colour of a word by the terminals around it; ``depth`` counts open parentheses."""
    terminal = word.terminal
    if terminal in KEYWORDS:
        return Operator.Word if terminal in INFIX - {"_BECAUSE"} else _keyword(terminal)
    if terminal == "NAME":
        return _name(word.text, before, after, depth)
    if terminal in _KINDS:
        return _KINDS[terminal]
    if terminal in _PUNCTUATION:
        return Punctuation
    if terminal == "WS":
        return Whitespace
    return Operator if terminal else Error


def _keyword(terminal: str) -> Any:
    return Keyword.Declaration if terminal in _DECLARED else Keyword


def _name(text: str, before: str, after: str, depth: int) -> Any:
    if before in _DECLARED:
        return _DECLARED[before]
    if before == "DOT":
        return Name.Attribute
    if after == "LPAR":
        return Name.Function
    if after == "EQUAL":
        return Name.Attribute if depth else Name.Variable
    if after == "COLON":
        return Name.Label
    if text in CONSTANTS:
        return Keyword.Constant
    return Name.Builtin.Pseudo if text == FLOWING else Name


@cache
def _keywords() -> re.Pattern[str]:
    """Each keyword as a group of its terminal's name, without the blank that must follow it."""
    terminals = load_tables().terminals
    blank = re.escape(terminals["WS"])
    parts = (
        re.sub(rf"{blank}$", lambda _: f"(?={terminals['WS']})", terminals[t]) + r"(?![A-Za-z_])"
        for t in KEYWORDS
    )
    return re.compile("|".join(f"(?P<{t}>{part})" for t, part in zip(KEYWORDS, parts, strict=True)))


@cache
def _others() -> tuple[str, ...]:
    return tuple(t for t in load_tables().terminals if t not in KEYWORDS and t != "UNIT")


@cache
def _compiled(terminal: str) -> re.Pattern[str]:
    return re.compile(load_tables().terminals[terminal])
