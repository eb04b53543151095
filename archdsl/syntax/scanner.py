"""Text to tokens, one at a time: what a token can be depends on the parser's state."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.tables import END, Tables, load_tables

_BOUNDED = {
    "NUMBER": (("{1,18}", "number_digits", 0),),
    "NAME": (("{0,63}", "name", -1),),
    "STRING": (("{0,200}", "string", 0),),
}


class Token(NamedTuple):
    terminal: str
    text: str
    start: int
    end: int


class Scanner:
    """Reads the tokens of one text; ``comments`` collects the comments on the way."""

    def __init__(self, text: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.text = text
        self.comments: list[tuple[int, int]] = []
        self._words = _words(limits)
        self._commented_to = 0

    def next(self, state: int, position: int) -> Token | None:
        """The longest token that a state can take behind the blanks at a position, if any."""
        start = self.skip(position)
        if start == len(self.text):
            return Token(END, "", start, start)
        best, end = "", start
        for terminal, pattern in self._words.candidates(state, self.text[start]):
            match = pattern.match(self.text, start)
            if match and match.end() > end:
                best, end = terminal, match.end()
        return Token(best, self.text[start:end], start, end) if best else None

    def skip(self, position: int) -> int:
        """Where the next token starts."""
        while True:
            match = self._words.blank.match(self.text, position)
            if match:
                position = match.end()
            if not self.text.startswith("#", position):
                return position
            match = self._words.comment.match(self.text, position)
            if match is None:
                return position
            if position >= self._commented_to:
                self.comments.append(match.span())
                self._commented_to = match.end()
            position = match.end()


class _Words:
    """The compiled terminals, each on first use, and which to try by state and first character."""

    def __init__(self, tables: Tables, limits: Limits) -> None:
        self._limits = limits
        self._tables = tables
        self._compiled: dict[str, re.Pattern[str]] = {}
        self._candidates: dict[tuple[int, str], tuple[tuple[str, re.Pattern[str]], ...]] = {}
        self.blank = re.compile(tables.terminals["WS"])
        self.comment = re.compile(tables.terminals["COMMENT"])

    def candidates(self, state: int, first: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        found = self._candidates.get((state, first))
        if found is None:
            names = (t for t in self._tables.states[state] if self._may_start(t, first))
            found = tuple((name, self._pattern(name)) for name in names)
            if first.isascii():
                self._candidates[state, first] = found
        return found

    def _may_start(self, terminal: str, first: str) -> bool:
        regex = self._tables.terminals.get(terminal)
        if regex is None or terminal in self._tables.ignored:
            return False
        opening = regex[1] if regex[0] == "\\" else regex[0]
        return (opening in "[(" and regex[0] != "\\") or opening == first

    def _pattern(self, terminal: str) -> re.Pattern[str]:
        if terminal not in self._compiled:
            regex = self._tables.terminals[terminal]
            for written, limit, less in _BOUNDED.get(terminal, ()):
                regex = regex.replace(
                    written, f"{{{written[1]},{getattr(self._limits, limit) + less}}}"
                )
            self._compiled[terminal] = re.compile(regex)
        return self._compiled[terminal]


@cache
def _words(limits: Limits) -> _Words:
    return _Words(load_tables(), limits)
