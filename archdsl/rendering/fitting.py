"""Text brought into the width there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archdsl.rendering.escape import width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LEAST = 20  # columns below which nothing is broken: it could not be read then either
GAP = "  "
ITEM = re.compile(r"\s*(?:[-*]|\d+\.) ")
SIGN = re.compile(r"[(,/.]")
KEPT = re.compile(r"\s{4}|\||#")  # code, tables and headings keep their lines


def wrapped(text: str, columns: int | None, rest: str = "") -> list[str]:
    """Lines of at most so many columns, those after the first behind ``rest``.

    Lines break at spaces, a word alone that is too long anywhere; none at all for None.
    """
    if columns is None or columns - width(rest) < LEAST or width(text) <= columns:
        return [text]
    lines, line = [], ""
    for word in _pieces(text, columns - width(rest)):
        longer = f"{line} {word}" if line.strip() else line + word
        if line.strip() and width(longer) > columns:
            lines.append(line)
            longer = rest + word
        line = longer
    return [*lines, line]


def _pieces(text: str, columns: int) -> Iterator[str]:
    """The words of a text, the first with what is before it; cut where they are too long."""
    first, *others = text.split() or [""]
    for word in (text[: _indent(text)] + first, *others):
        rest = word
        while width(rest) > columns:
            cut = _cut(rest, columns)
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def _cut(word: str, columns: int) -> int:
    """Where a word is cut: behind a sign if there is one, else where the room ends."""
    end = 1
    while width(word[: end + 1]) <= columns:
        end += 1
    signs = [match.end() for match in SIGN.finditer(word, 0, end)]
    return signs[-1] if signs and signs[-1] > end // 3 else end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def beside(rows: Sequence[Sequence[str]], columns: int | None, indent: str = "") -> list[str]:
    """Rows as lines of equal columns, flush left; what the last holds goes on below itself."""
    if not rows:
        return []
    sizes = [max(width(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    lines: list[str] = []
    for row in rows:
        cells = (cell + " " * (size - width(cell)) for cell, size in zip(row, sizes, strict=False))
        first = indent + "".join(cell + GAP for cell in cells)
        lines += (line.rstrip() for line in wrapped_after(first, row[-1], columns))
    return lines


def wrapped_after(first: str, text: str, columns: int | None) -> list[str]:
    """A text that begins behind ``first`` and goes on below its own beginning."""
    if columns is None:
        return [first + text]
    lines = wrapped(text, columns - width(first))
    return [first + lines[0], *(" " * width(first) + line for line in lines[1:])]


def page(text: str, columns: int | None) -> str:
    """Prose whose lines are too long broken anew; code, tables and lists keep what they are."""
    if columns is None:
        return text
    broken = (_block(block, columns) if prose else block for block, prose in _blocks(text))
    return "\n".join(line for block in broken for line in block)


def _blocks(text: str) -> Iterator[tuple[list[str], bool]]:
    """Runs of lines that belong together, and whether they are prose: an item or a paragraph."""
    block: list[str] = []
    fenced, expected = False, 0
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        alone = fenced or fence or not line.strip() or KEPT.match(line) is not None
        fenced ^= fence
        if block and (alone or ITEM.match(line) or _indent(line) != expected):
            yield block, True
            block = []
        if alone:
            yield [line], False
            continue
        if not block:
            expected = _hang(line)
        block.append(line)
    if block:
        yield block, True


def _block(lines: list[str], columns: int) -> Iterable[str]:
    if all(width(line) <= columns for line in lines):
        return lines
    whole = " ".join((lines[0].rstrip(), *(line.strip() for line in lines[1:])))
    return wrapped(whole, columns, " " * _hang(lines[0]))


def _hang(line: str) -> int:
    """Where what goes on below a line begins: below the text of an item."""
    item = ITEM.match(line)
    return len(item[0]) if item else _indent(line)
