"""Words on lines of at most 100 columns, with their comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

WIDTH = 100
_FAR = 60
"""A list that must be broken and would start further right starts on a line of its own."""


@dataclass(frozen=True)
class Remark:
    """A comment; ``apart`` where a blank line stands before it."""

    text: str
    apart: bool


@dataclass(frozen=True)
class Word:
    """One token, with the comments on the lines before it and the one behind it."""

    text: str
    before: tuple[Remark, ...] = ()
    after: str = ""
    apart: bool = False


@dataclass(frozen=True)
class Row:
    """Parts that follow one another; blanks between them are words too."""

    parts: tuple[Doc, ...]


@dataclass(frozen=True)
class Lines:
    """Parts on one line, one blank apart, or on several that start ``offset`` right of the first.

    Where they do not fit on one line, a new line starts before each part in ``breaks``, and
    before each that would not fit on its line, but never before one in ``held``. ``spread`` are
    the parts as they are on several lines, where that is not as on one.
    """

    parts: tuple[Doc, ...]
    breaks: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()
    offset: int = 0
    spread: tuple[Doc, ...] = ()


Doc: TypeAlias = Word | Row | Lines
BLANK = Word(" ")


def flat(doc: Doc) -> str:
    """The document on one line, without comments."""
    if isinstance(doc, Word):
        return doc.text
    between = "" if isinstance(doc, Row) else " "
    return between.join(flat(part) for part in doc.parts)


def words(doc: Doc) -> list[Word]:
    """All words in order, blanks left out."""
    if isinstance(doc, Word):
        return [] if doc is BLANK else [doc]
    return [word for part in doc.parts for word in words(part)]


class Page:
    """Lines of text being written."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: str | None = None
        self._ended = False
        self._indent = 0
        self._continued = 0
        self._opens = True

    def text(self) -> str:
        """What was written."""
        self.end_line()
        return "".join(f"{line.rstrip()}\n" for line in self._lines)

    def statement(self, doc: Doc, indent: int) -> None:
        """Write a document on lines of its own."""
        self.end_line()
        first = words(doc)[0]
        self._indent = indent + 2 if first.text == "}" else indent
        self.remarks(first.before)
        self._blank_line(wanted=first.apart and first.text != "}")
        self._indent = indent
        self._continued = indent + 4
        self._render(doc, 0, opened=first)
        self._opens = words(doc)[-1].text == "{"
        self._indent = indent

    def remarks(self, remarks: tuple[Remark, ...]) -> None:
        """Write comments on lines of their own, indented as the last statement."""
        self.end_line()
        for remark in remarks:
            self._blank_line(wanted=remark.apart)
            self._write(remark.text)
            self.end_line()
            self._opens = False

    def end_line(self) -> None:
        """Go to the next line, if anything stands on this one."""
        if self._line is not None:
            self._lines.append(self._line)
        self._line = None
        self._ended = False

    def _blank_line(self, *, wanted: bool) -> None:
        if wanted and not self._opens:
            self._lines.append("")

    def _write(self, text: str) -> None:
        if self._ended:
            self.end_line()
        if self._line is None:
            if text == " ":
                return
            self._line = " " * self._indent
        self._line += text

    @property
    def _column(self) -> int:
        if self._line is None or self._ended:
            return self._indent
        return len(self._line)

    def _render(self, doc: Doc, rest: int, opened: Word | None = None) -> None:
        if isinstance(doc, Word):
            self._word(doc, opened)
        elif isinstance(doc, Row):
            self._row(doc, rest, opened)
        else:
            self._list(doc, rest, opened)

    def _word(self, word: Word, opened: Word | None) -> None:
        if word is not opened:
            for remark in word.before:
                self.end_line()
                self._write(remark.text)
                self.end_line()
        self._write(word.text)
        if word is opened:
            self._indent = self._continued
        if word.after:
            self._write(f"  {word.after}")
            self._ended = True

    def _row(self, row: Row, rest: int, opened: Word | None) -> None:
        for i, part in enumerate(row.parts):
            behind = _glued(row.parts[i + 1 :])
            more = behind[0] + (rest if behind[1] else 0)
            self._render(part, more, opened)

    def _list(self, doc: Lines, rest: int, opened: Word | None) -> None:
        kept, fits = self._indent, self._fits(doc, rest)
        if not fits and self._column > _FAR:
            self._indent = self._continued
            self.end_line()
        if self._ended:
            self.end_line()
        start = self._column
        self._indent = start + (0 if fits else doc.offset)
        last = len(doc.parts) - 1
        for i, part in enumerate(doc.parts if fits or not doc.spread else doc.spread):
            if i:
                self._part_break(doc, i, 0 if i < last else rest, fits=fits)
            self._render(part, rest if i == last else 0, opened)
        self._indent = kept

    def _part_break(self, doc: Lines, i: int, rest: int, *, fits: bool) -> None:
        part = doc.parts[i]
        over = self._column + 1 + len(flat(part)) + rest > WIDTH
        if not fits and i not in doc.held and (over or i in doc.breaks):
            self.end_line()
        else:
            self._write(" ")

    def _fits(self, doc: Lines, rest: int) -> bool:
        found = words(doc)
        commented = any(word.before for word in found[1:]) or any(w.after for w in found[:-1])
        return not commented and self._column + len(flat(doc)) + rest <= WIDTH


def _glued(parts: tuple[Doc, ...]) -> tuple[int, bool]:
    """The width up to the next place where a line can end, and whether that is behind the row."""
    width = 0
    for part in parts:
        if not isinstance(part, Word):
            return width, False
        width += len(part.text)
    return width, True
