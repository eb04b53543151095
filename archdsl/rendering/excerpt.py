"""Lines of a source with carets below them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from archdsl.rendering.escape import shown, visible, width
from archdsl.rendering.fitting import LEAST, wrapped
from archdsl.rendering.paint import GUTTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.rendering.paint import Paint
    from archdsl.source import Source, Span

TAB = 4
ROOM = 100  # columns of a line that are shown
BEFORE = 30  # of them, before the caret of a long line


class Row(NamedTuple):
    """One line of a source as shown, and where its underline goes."""

    number: int
    text: str
    indent: int
    length: int


def rows(span: Span, room: int = ROOM) -> list[Row]:
    """The first and the last line of a span (one row when they are the same)."""
    span = _on_text(span)
    source = span.source
    (first, start), (last, end) = span.position, _inclusive_end(span)
    if first == last:
        return [_row(source, first, start - 1, end, room)]
    top = _row(source, first, start - 1, len(source.line(first)), room)
    line = source.line(last)
    return [top, _row(source, last, len(line) - len(line.lstrip()), end, room)]


def excerpt(span: Span, label: str, mark: str, role: str, gutter: Gutter) -> list[str]:
    """The lines of a span under a gutter, underlined with ``mark`` and labelled."""
    shown_rows = rows(span, gutter.room)
    paint = gutter.paint
    lines: list[str] = []
    for row in shown_rows:
        if lines and row.number > shown_rows[0].number + 1:
            lines.append(paint(GUTTER, "..."))
        lines.append(f"{paint(GUTTER, f'{row.number:>{gutter.digits}} |')} {row.text}".rstrip())
        told = label if row is shown_rows[-1] else ""
        for indent, text in _underlined(row, mark, visible(told), gutter):
            lines.append(f"{gutter.bar()} {' ' * indent}{paint(role, text)}")
    return lines


def _underlined(row: Row, mark: str, label: str, gutter: Gutter) -> Iterator[tuple[int, str]]:
    """The marks with what they say behind them, or below them where there is no room."""
    marks = mark * row.length
    right = row.indent + row.length + 1
    if not label or not gutter.columns or right + width(label) <= gutter.whole:
        yield row.indent, f"{marks} {label}".rstrip()
        return
    yield row.indent, marks
    longest = gutter.whole - row.indent
    indent = row.indent if min(width(label), 40) <= longest else 0
    for line in wrapped(label, gutter.whole - indent):
        yield indent, line


class Gutter(NamedTuple):
    """What stands at the left of an excerpt: so many ``digits`` of line numbers and a bar; and the
    ``columns`` of the whole, None where lines may be as long as they are."""

    digits: int
    paint: Paint
    columns: int | None = None

    @property
    def whole(self) -> int:
        """The columns behind the bar."""
        return max((self.columns or 0) - self.digits - 3, LEAST)

    @property
    def room(self) -> int:
        """The columns of a line that are shown, but for the dots at both ends."""
        return ROOM if self.columns is None else min(self.whole - 2, ROOM)

    def bar(self) -> str:
        return self.paint(GUTTER, " " * self.digits + " |")

    def beside(self, sign: str) -> str:
        """A sign in the place of the bar."""
        return " " * self.digits + self.paint(GUTTER, sign)


def _on_text(span: Span) -> Span:
    """An empty span after the last line break moves back behind the last visible character."""
    text = span.source.text
    if span.start < len(text) or not text.strip():
        return span
    end = len(text.rstrip())
    return span._replace(start=end, end=end)


def _inclusive_end(span: Span) -> tuple[int, int]:
    """The line of a span's last character and the column after it."""
    if span.end <= span.start:
        return span.position[0], span.position[1] - 1
    line, column = span.source.position(span.end - 1)
    return line, column


def _row(source: Source, number: int, start: int, end: int, room: int) -> Row:
    """A line whose characters ``start`` up to ``end`` (from 0) are underlined."""
    line = source.line(number)
    skipped = max(start - 2 * room, 0)
    cells = _cells(line[skipped : start + 2 * room])
    start, end = min(start - skipped, len(cells)), min(end - skipped, len(cells))
    columns = list(accumulate(map(width, cells), initial=0))
    low, high = _window(columns, start, room)
    head = "…" if low or skipped else ""
    tail = "…" if skipped + high < len(line) else ""
    indent = columns[start] - columns[low] + len(head)
    length = max(columns[min(max(end, start), high)] - columns[start], 1)
    return Row(number, head + "".join(cells[low:high]) + tail, indent, length)


def _cells(line: str) -> list[str]:
    """Each character as shown."""
    cells: list[str] = []
    column = 0
    for character in line:
        cell = " " * (TAB - column % TAB) if character == "\t" else shown(character)
        cells.append(cell)
        column += width(cell)
    return cells


def _window(columns: list[int], start: int, room: int) -> tuple[int, int]:
    """The cells to show so that ``start`` is seen and nothing is wider than the room."""
    low, before = 0, min(BEFORE, room // 3)
    if columns[-1] > room:
        while columns[start] - columns[low] > before and columns[-1] - columns[low] > room:
            low += 1
    high = len(columns) - 1
    while columns[high] - columns[low] > room and high > start + 1:
        high -= 1
    return low, high
