"""For people: the source with carets, the calls that led there, what would be right, a fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.rendering.escape import visible
from archdsl.rendering.excerpt import bar, excerpt, rows
from archdsl.rendering.fixed import changed_lines
from archdsl.rendering.paint import GUTTER, STRONG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.diagnostics import Diagnostic, Label
    from archdsl.rendering.paint import Paint
    from archdsl.source import Span

TRAIL = 6  # calls shown of a long way; those left out are counted


def render(diagnostics: Sequence[Diagnostic], paint: Paint) -> str:
    return "".join("\n".join(_lines(found, paint)) + "\n\n" for found in diagnostics)


def _lines(found: Diagnostic, paint: Paint) -> Iterator[str]:
    severity = found.severity.value
    title = paint(severity, f"{severity}[{found.code}]")
    yield f"{title}{paint(STRONG, ': ' + visible(found.message))}"
    trail = _shortened([label for label in found.trail if label.span != found.span])
    gutter = _gutter(found, trail)
    if found.span:
        yield f"{' ' * gutter}{paint(GUTTER, '-->')} {visible(str(found.span))}"
        yield bar(gutter, paint)
        yield from excerpt(found.span, found.label, "^", severity, gutter, paint)
    yield from _trail(found, trail, gutter, paint)
    yield from _remarks(found, gutter, paint)


def _gutter(found: Diagnostic, trail: list[Label | int]) -> int:
    """Digits of the largest line number shown."""
    spans = [found.span] if found.span else []
    spans += [stop.span for stop in trail if not isinstance(stop, int)]
    spans += [edit.span for edit in found.fix.edits] if found.fix else []
    return max((len(str(row.number)) for span in spans for row in rows(span)), default=1)


def _shortened(trail: Sequence[Label]) -> list[Label | int]:
    """The inner and the outermost calls, with the number of those between."""
    if len(trail) <= TRAIL:
        return list(trail)
    return [*trail[: TRAIL - 2], len(trail) - TRAIL + 1, trail[-1]]


def _trail(found: Diagnostic, trail: list[Label | int], gutter: int, paint: Paint) -> Iterator[str]:
    before = found.span
    for stop in trail:
        if isinstance(stop, int):
            yield f"{' ' * gutter}{paint(GUTTER, ' :')} … and {stop} calls between"
            continue
        yield from _heading(stop.span, before, gutter, paint)
        yield from excerpt(stop.span, stop.text, "-", GUTTER, gutter, paint)
        before = stop.span


def _heading(span: Span, before: Span | None, gutter: int, paint: Paint) -> Iterator[str]:
    """Another file is named; in the same one a gap is enough."""
    if before is not None and span.source is before.source:
        yield bar(gutter, paint)
    else:
        yield f"{' ' * gutter}{paint(GUTTER, ':::')} {visible(str(span))}"


def _remarks(found: Diagnostic, gutter: int, paint: Paint) -> Iterator[str]:
    remarks = [("needed", found.needed), *(("note", note) for note in found.notes)]
    remarks.append(("help", found.help))
    remarks = [(kind, text) for kind, text in remarks if text]
    if (remarks or found.fix) and (found.span or found.trail):
        yield bar(gutter, paint)
    for kind, text in remarks:
        yield f"{' ' * gutter} {paint(GUTTER, '=')} {paint(STRONG, kind)}: {visible(text)}"
    if found.fix:
        kind = "fix" if found.fix.safe else "unsafe fix"
        title = f"{paint(STRONG, kind)}: {visible(found.fix.title)}"
        yield f"{' ' * gutter} {paint(GUTTER, '=')} {title}"
        yield from changed_lines(found.fix, gutter, paint)
