"""Places of a text as editors count them: lines from 0, and in a line UTF-16 units, or what client
and server agreed on."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from archdsl.source import Span

_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_WIDTHS = {"utf-8": (0x80, 0x800, 0x10000), "utf-16": (0x10000,), "utf-32": ()}


class Positions:
    """The places of one text."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _LINE_BREAK.finditer(text))]
        self.steps = _WIDTHS[encoding]
        self.plain = text.isascii()

    def position(self, offset: int) -> types.Position:
        """The position of a character, counted from the beginning of the text."""
        line = bisect_right(self.starts, offset) - 1
        before = self.text[self.starts[line] : offset]
        return types.Position(line, self._units(before))

    def range(self, start: int, end: int) -> types.Range:
        """From one character up to, not including, another."""
        return types.Range(self.position(start), self.position(end))

    def range_of(self, span: Span) -> types.Range:
        """The range of a span of this text."""
        return self.range(span.start, span.end)

    def offset(self, position: types.Position) -> int:
        """The character at a position; behind the end of a line its end, as the protocol says."""
        if position.line >= len(self.starts):
            return len(self.text)
        start = self.starts[position.line]
        end = self._line_end(position.line)
        if self.plain:
            return min(start + position.character, end)
        left = position.character
        for offset in range(start, end):
            if left <= 0:
                return offset
            left -= self._width(self.text[offset])
        return end

    def units(self, start: int, end: int) -> int:
        """How many units a part of one line takes."""
        return self._units(self.text[start:end])

    def _line_end(self, line: int) -> int:
        if line + 1 == len(self.starts):
            return len(self.text)
        end = self.starts[line + 1]
        return end - (2 if self.text.endswith("\r\n", 0, end) else 1)

    def _units(self, part: str) -> int:
        if self.plain or part.isascii():
            return len(part)
        return sum(map(self._width, part))

    def _width(self, character: str) -> int:
        code = ord(character)
        return 1 + sum(code >= step for step in self.steps)
