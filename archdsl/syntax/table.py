"""Rows of a list laid out as a table: what stands in one column begins, or ends, at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax import nodes
from archdsl.syntax.layout import Doc, Lines, Row, Word, flat, words

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 60
"""Rows with more columns of text than this are not aligned: blanks would push them off the page."""


def aligned(rows: Sequence[nodes.List], docs: Sequence[Doc]) -> tuple[Doc, ...]:
    """The documents of some rows with blanks between, so that their columns stand below each other:
    numbers end at one place, other values begin there. Nothing for rows that are no table, or that
    have comments inside."""
    columns = len(rows[0].items)
    if len(rows) < 2 or not columns or any(len(row.items) != columns for row in rows):
        return ()
    cells = [_cells(doc) for doc in docs]
    if any(word.before or word.after for doc in docs for word in words(doc)[1:-1]):
        return ()
    widths = [max(len(flat(row[place])) for row in cells) for place in range(columns)]
    if sum(widths) > WIDEST:
        return ()
    right = [all(map(_is_number, (row.items[place] for row in rows))) for place in range(columns)]
    return tuple(_spread(doc, row, widths, right) for doc, row in zip(docs, cells, strict=True))


def _cells(doc: Doc) -> tuple[Doc, ...]:
    """The cells of a row, each with its comma."""
    row = doc.parts[0] if isinstance(doc, Row) and isinstance(doc.parts[0], Row) else doc
    assert isinstance(row, Row)
    inside = row.parts[1]
    assert isinstance(inside, Lines)
    return inside.parts


def _spread(doc: Doc, cells: Sequence[Doc], widths: list[int], right: list[bool]) -> Doc:
    assert isinstance(doc, Row)
    behind = doc.parts[1:] if isinstance(doc.parts[0], Row) else ()
    row = doc.parts[0] if behind else doc
    assert isinstance(row, Row)
    made: list[Doc] = [row.parts[0]]
    for place, cell in enumerate(cells):
        room = Word(" " * (widths[place] - len(flat(cell))))
        last = place == len(cells) - 1
        made += (room, cell) if right[place] else (cell, room) if not last else (cell,)
        made += () if last else (Word(" "),)
    return Row((*made, row.parts[2], *behind))


def _is_number(node: nodes.Expression) -> bool:
    plain = node.operand if isinstance(node, nodes.Negation) else node
    return isinstance(plain, nodes.Number)
