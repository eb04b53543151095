"""A fix shown as the lines it takes away and those it puts there."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from archdsl.rendering.escape import visible
from archdsl.rendering.excerpt import ROOM, TAB
from archdsl.rendering.paint import ADDED, GUTTER, REMOVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.diagnostics import Edit, Fix
    from archdsl.rendering.paint import Paint
    from archdsl.source import Source


def applied(text: str, edits: Iterable[Edit], offset: int = 0) -> str:
    """The text, which begins at ``offset`` of its source, after edits that do not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        before, after = text[: edit.span.start - offset], text[edit.span.end - offset :]
        text = before + edit.replacement + after
    return text


def changed_lines(fix: Fix, gutter: int, paint: Paint) -> Iterator[str]:
    """``12 - old`` and ``12 + new`` for each line that a fix changes."""
    for source in dict.fromkeys(edit.span.source for edit in fix.edits):
        edits = [edit for edit in fix.edits if edit.span.source is source]
        for group in _by_lines(edits):
            yield from _change(source, group, gutter, paint)


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


def _change(source: Source, edits: list[Edit], gutter: int, paint: Paint) -> Iterator[str]:
    first = edits[0].span.position.line
    start = edits[0].span.start - edits[0].span.position.column + 1
    end = source.text.find("\n", max(edit.span.end for edit in edits))
    old = source.text[start : end if end >= 0 else len(source.text)].rstrip("\r")
    before, after = old.split("\n"), applied(old, edits, start).split("\n")
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    )
    yield from _marked("-", REMOVED, before[same:], first + same, gutter, paint)
    yield from _marked("+", ADDED, after[same:], first + same, gutter, paint)


def _marked(
    sign: str, role: str, lines: list[str], first: int, gutter: int, paint: Paint
) -> Iterator[str]:
    for number, line in enumerate(lines, first):
        shown = visible(line.expandtabs(TAB))
        shown = shown if len(shown) <= ROOM else f"{shown[: ROOM - 1]}…"
        yield f"{paint(GUTTER, f'{number:>{gutter}}')} {paint(role, f'{sign} {shown}')}"
