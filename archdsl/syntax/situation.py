"""Where a parse stopped, seen as a reader would: what stood before, and what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.source import Source, Span
from archdsl.syntax.scanner import Token

if TYPE_CHECKING:
    from archdsl.syntax.machine import Machine, Stop

_RAW = re.compile(
    r"""[^\W\d]\w*|\d[\w.]*|"[^"\n]*"?|'[^'\n]*'?|->|=>|<-|<=|>=|==|!=|&&|\|\||\*\*|//|/\*|."""
)
_STATEMENT = re.compile(
    r"""(?:(?P<_LET>let)\s+\w+\s*=(?!=)|(?P<_MODULE>module)\s+\w+\s*=(?!=)"""
    r"""|(?P<_RETURN>return)\b\s*(?=[\w("'-])"""
    r"""|(?P<_REQUIRE>require)\s+[\w("'-]|(?P<_ALLOW>allow)\s+\w+\s+because\b"""
    r"""|(?P<_DATA>data)\s+(?:\w+\s*=\s*)?\w+\s*\(|(?P<_TASK>task)\s+(?:\w+\s*=\s*)?\w+\s*\("""
    r"""|(?P<_TRAIN>train)\s+\w+\s*\("""
    r"""|(?P<_SEARCH>search)\s+\w+\s*\(|(?P<_WEIGHTS>weights)\s+\w+\s*\("""
    r"""|(?P<_MAXIMIZE>maximize)\s+\w|(?P<_MINIMIZE>minimize)\s+\w"""
    r"""|(?P<_MODEL>model)\s*(?:\{|=(?!=))|(?P<_BLOCK>block)\s+\w+\s*\("""
    r"""|(?P<_FUNCTION>function)\s+\w+\s*\(|(?P<_LANGUAGE>language)\s+\d"""
    r"""|(?P<_SHARED>shared)\s+block\b|(?P<_DEVICE>device)\s+\w+\s*\(|(?P<_ARCH>arch)\s+\w+\s*\{"""
    r"""|(?P<_USE>use)\s+["'])"""
)
_MESSAGE_TEXT = 40


class Repair(NamedTuple):
    """How to go on as if a mistake were not made: read this token, if any, and resume behind it."""

    token: Token | None
    resume: int


class ParseError(NamedTuple):
    diagnostic: Diagnostic
    repair: Repair | None = None


@dataclass(frozen=True)
class Situation:
    """A stop of the machine, with what the explanations of mistakes ask of it."""

    machine: Machine
    stop: Stop

    @property
    def source(self) -> Source:
        return self.machine.source

    @property
    def at(self) -> int:
        return self.stop.position

    @cached_property
    def expected(self) -> frozenset[str]:
        return self.machine.expected()

    @cached_property
    def found(self) -> Span:
        """The word, number, text or mark that cannot stand here; empty at the end."""
        match = _RAW.match(self.source.text, self.at)
        return self.span(self.at, match.end() if match else self.at)

    @property
    def at_end(self) -> bool:
        return self.at >= len(self.source.text)

    @property
    def found_words(self) -> str:
        return "the end of the file" if self.at_end else shown(self.found.text)

    @property
    def previous(self) -> Span:
        """The last token read, or an empty span at the start."""
        last = self.machine.last
        return self.span(last.start, last.end) if last else self.span(0, 0)

    @property
    def previous_terminal(self) -> str:
        return self.machine.last.terminal if self.machine.last else ""

    @cached_property
    def previous_text(self) -> str:
        return self.previous.text.strip()

    @property
    def previous_end(self) -> int:
        return self.previous.start + len(self.previous.text.rstrip())

    @cached_property
    def starts_line(self) -> bool:
        """Whether only blanks stand before what was found on its line."""
        return not self.line_before.strip()

    @property
    def line_before(self) -> str:
        start = self.source.text.rfind("\n", 0, self.at) + 1
        return self.source.text[start : self.at]

    @property
    def opener(self) -> Token | None:
        return self.machine.openers[-1] if self.machine.openers else None

    @cached_property
    def statement(self) -> str | None:
        """The keyword's terminal, where what was found opens a statement."""
        return statement_at(self.source.text, self.at)

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def replace(self, title: str, span: Span, text: str, *, safe: bool = False) -> Fix:
        return Fix(title, (Edit(span, text),), safe)


def statement_at(text: str, position: int) -> str | None:
    """The terminal of the statement that opens at a position."""
    match = _STATEMENT.match(text, position)
    return match.lastgroup if match else None


def shown(text: str) -> str:
    """Source text as a message quotes it."""
    short = text if len(text) <= _MESSAGE_TEXT else text[: _MESSAGE_TEXT - 1] + "…"
    return f"`{short}`"


def inserted(terminal: str, text: str, position: int, resume: int) -> Repair:
    """Go on as if this token stood at a position."""
    return Repair(Token(terminal, text, position, position), resume)
