"""Source texts and the spans that point into them."""

from __future__ import annotations

import os
from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

BESIDE = 2  # folders that a path goes up at most before it is clearer from the root


def shown_path(path: str | Path) -> str:
    """A path as it is told: from the current folder, for what lies below it or beside it."""
    given = Path(path)
    if not given.is_absolute() or os.pardir in given.parts:
        return str(path)
    try:
        near = os.path.relpath(path)
    except ValueError:  # on another drive
        return str(path)
    return str(path) if near.count(os.pardir) > BESIDE else near


class Source:
    """One text of the language, with the name shown to people (a path, or ``<stdin>``).

    A byte order mark at its beginning, which some editors write, is no part of it. Two sources
    with equal texts and names are equal.
    """

    def __init__(self, text: str, name: str = "<text>") -> None:
        self.text = text.removeprefix("\ufeff")
        self.name = name

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Source):
            return NotImplemented
        return self.name == other.name and self.text == other.text

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.text))

    def __reduce__(self) -> tuple[Any, ...]:
        return Source, (self.text, self.name)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, character in enumerate(self.text) if character == "\n")
        return starts

    def position(self, offset: int) -> Position:
        """Line and column (both from 1) of a character offset."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its line break."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] - 1 if number < self.line_count else len(self.text)
        return self.text[start:end].rstrip("\r")

    @property
    def line_count(self) -> int:
        """How many lines it has; one that ends in a line break has an empty last one."""
        return len(self._line_starts)


class Position(NamedTuple):
    """A place in a text: line and column, both from 1; columns count characters."""

    line: int
    column: int


class Span(NamedTuple):
    """Characters ``start`` up to, not including, ``end`` of a source; both count from 0."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    @property
    def position(self) -> Position:
        """Where it begins."""
        return self.source.position(self.start)

    @property
    def end_position(self) -> Position:
        """Where it ends: the position behind its last character."""
        return self.source.position(self.end)

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of another in the same source."""
        return Span(self.source, self.start, max(self.end, other.end))

    def __str__(self) -> str:
        line, column = self.position
        return f"{self.source.name}:{line}:{column}"


NOWHERE = Span(Source("", "<nowhere>"), 0, 0)  # of what stands in no text
