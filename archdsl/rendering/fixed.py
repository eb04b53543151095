"""A fix shown as the lines it takes away and those it puts there."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from archdsl.rendering.escape import visible
from archdsl.rendering.excerpt import BEFORE, TAB
from archdsl.rendering.paint import ADDED, GUTTER, REMOVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archdsl.diagnostics import Edit, Fix
    from archdsl.rendering.excerpt import Gutter
    from archdsl.source import Source


def applied(text: str, edits: Iterable[Edit], offset: int = 0) -> str:
    """The text, which begins at ``offset`` of its source, after edits that do not overlap."""
    parts, end = [], 0
    for edit in sorted(edits, key=lambda edit: edit.span[1:]):
        parts += [text[end : edit.span.start - offset], edit.replacement]
        end = edit.span.end - offset
    return "".join([*parts, text[end:]])


def changed_lines(fix: Fix, gutter: Gutter) -> Iterator[str]:
    """``12 - old`` and ``12 + new`` for each line that a fix changes."""
    for source in dict.fromkeys(edit.span.source for edit in fix.edits):
        edits = [edit for edit in fix.edits if edit.span.source is source]
        for group in _by_lines(edits):
            yield from _change(source, group, gutter)


def _by_lines(edits: list[Edit]) -> list[list[Edit]]:
    """Edits that touch the same lines, together."""
    groups: list[list[Edit]] = []
    last = 0
    for edit in sorted(edits, key=lambda edit: edit.span.start):
        if groups and edit.span.position.line <= last:
            groups[-1].append(edit)
        else:
            groups.append([edit])
        last = max(last, edit.span.end_position.line)
    return groups


def _change(source: Source, edits: list[Edit], gutter: Gutter) -> Iterator[str]:
    first = edits[0].span.position.line
    start = edits[0].span.start - edits[0].span.position.column + 1
    end = source.text.find("\n", max(edit.span.end for edit in edits))
    old = source.text[start : end if end >= 0 else len(source.text)].rstrip("\r")
    before, after = old.split("\n"), applied(old, edits, start).split("\n")
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    same = _alike(before, after)
    old_lines, new_lines = before[same:], after[same:]
    hidden = _hidden(old_lines, new_lines, gutter.room)
    yield from _marked("-", REMOVED, old_lines, first + same, hidden, gutter)
    yield from _marked("+", ADDED, new_lines, first + same, hidden, gutter)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines, or characters, two begin with that are the same."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _hidden(old: list[str], new: list[str], room: int) -> int:
    """Characters left out at the beginning of a long line so that what changes in it is seen."""
    if not old or not new or max(len(old[0]), len(new[0])) <= room:
        return 0
    return max(_alike(old[0], new[0]) - min(BEFORE, room // 3), 0)


def _marked(
    sign: str, role: str, lines: list[str], first: int, hidden: int, gutter: Gutter
) -> Iterator[str]:
    for number, line in enumerate(lines, first):
        cut = f"…{line[hidden:]}" if hidden and number == first else line
        shown = visible(cut.expandtabs(TAB))
        shown = shown if len(shown) <= gutter.room else f"{shown[: gutter.room - 1]}…"
        where = gutter.paint(GUTTER, f"{number:>{gutter.digits}}")
        yield f"{where} {gutter.paint(role, f'{sign} {shown}')}"
