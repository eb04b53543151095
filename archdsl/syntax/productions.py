"""The rules of ``arch.lark`` as plain data: what Lark makes of them, each alternative a row of
symbols."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from archdsl.syntax.forms import Form, Row, Times, row
from archdsl.syntax.grammar import grammar_text
from archdsl.syntax.patterns import form_of

Alternative = tuple[str, ...]
Rules = dict[str, tuple[Alternative, ...]]

REQUIRED = "GAP"
"""A token of blanks and comments: what must stand beside a keyword."""

POSSIBLE = "GAP?"
"""Blanks and comments, or none: what may stand between other tokens."""

_IGNORED = ("WS", "COMMENT")
_KEYWORD = re.compile("_[A-Z]")


class Productions(NamedTuple):
    """A grammar without blanks. Of ``keywords`` those in ``closed`` want a blank behind them."""

    rules: Rules
    tokens: dict[str, Form]
    keywords: frozenset[str]
    closed: frozenset[str]


@cache
def productions() -> Productions:
    """Those of the whole language."""
    return read(grammar_text(), "lalr")


def read(grammar: str, parser: Literal["lalr", "earley"]) -> Productions:
    """Those of a grammar, as Lark makes them."""
    from lark import Lark

    made = Lark(grammar, parser=parser)
    rules: dict[str, list[Alternative]] = {}
    for rule in made.rules:
        name = str(rule.origin.name)
        rules.setdefault(name, []).append(tuple(str(symbol.name) for symbol in rule.expansion))
    written = {t.name: t.pattern.to_regexp() for t in made.terminals}
    blank = written["WS"]
    keywords = frozenset(name for name in written if _KEYWORD.match(name))
    closed = frozenset(name for name in keywords if written[name].endswith(blank))
    tokens = {
        name: form_of(pattern.removesuffix(blank))
        for name, pattern in written.items()
        if name not in _IGNORED
    }
    told = {name: tuple(options) for name, options in rules.items()}
    return Productions(told, tokens, keywords, closed)


COMMENT = 300
"""Characters of a comment, where comments are bounded."""


@cache
def comment() -> Form:
    """A comment, as long as it may be where comments are bounded."""
    from archdsl.syntax.generate import lark_parser

    (found,) = (t for t in lark_parser(grammar_text()).terminals if t.name == "COMMENT")
    whole = form_of(found.pattern.to_regexp())
    assert isinstance(whole, Row)
    mark, rest = whole.parts
    assert isinstance(rest, Times)
    return row(mark, Times(rest.part, 0, COMMENT))
