"""For people: the source with carets, the calls that led there, what would be right, a fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.rendering.escape import visible
from archdsl.rendering.excerpt import Gutter, excerpt, rows
from archdsl.rendering.fitting import wrapped
from archdsl.rendering.fixed import changed_lines
from archdsl.rendering.paint import GUTTER, STRONG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.diagnostics import Diagnostic, Label
    from archdsl.rendering.paint import Paint
    from archdsl.source import Span

TRAIL = 6  # calls shown of a long way; those left out are counted


def render(diagnostics: Sequence[Diagnostic], paint: Paint, columns: int | None) -> str:
    return "".join("\n".join(_lines(found, paint, columns)) + "\n\n" for found in diagnostics)


def _lines(found: Diagnostic, paint: Paint, columns: int | None) -> Iterator[str]:
    severity = found.severity.value
    code = f"{severity}[{found.code}]"
    title, *more = wrapped(f"{code}: {visible(found.message)}", columns, "  ")
    yield paint(severity, code) + paint(STRONG, title[len(code) :])
    yield from (paint(STRONG, line) for line in more)
    trail = _shortened([label for label in found.trail if label.span != found.span])
    gutter = Gutter(_digits(found, trail), paint, columns)
    if found.span:
        yield f"{gutter.beside('-->')} {visible(str(found.span))}"
        yield gutter.bar()
        yield from excerpt(found.span, found.label, "^", severity, gutter)
    yield from _trail(found, trail, gutter)
    yield from _remarks(found, gutter)


def _digits(found: Diagnostic, trail: list[Label | int]) -> int:
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


def _trail(found: Diagnostic, trail: list[Label | int], gutter: Gutter) -> Iterator[str]:
    before = found.span
    for stop in trail:
        if isinstance(stop, int):
            yield f"{gutter.beside(' :')} … and {stop} calls between"
            continue
        yield _heading(stop.span, before, gutter)
        yield from excerpt(stop.span, stop.text, "-", GUTTER, gutter)
        before = stop.span


def _heading(span: Span, before: Span | None, gutter: Gutter) -> str:
    """Another file is named; in the same one a gap is enough."""
    if before is not None and span.source is before.source:
        return gutter.bar()
    return f"{gutter.beside(':::')} {visible(str(span))}"


def _remarks(found: Diagnostic, gutter: Gutter) -> Iterator[str]:
    remarks = [("needed", found.needed), *(("note", note) for note in found.notes)]
    remarks.append(("help", found.help))
    remarks = [(kind, text) for kind, text in remarks if text]
    if (remarks or found.fix) and (found.span or found.trail):
        yield gutter.bar()
    for kind, text in remarks:
        yield from _remark(kind, text, gutter)
    if found.fix:
        yield from _remark("fix" if found.fix.safe else "unsafe fix", found.fix.title, gutter)
        yield from changed_lines(found.fix, gutter)


def _remark(kind: str, text: str, gutter: Gutter) -> Iterator[str]:
    """``= kind: text``, going on below the text's beginning."""
    columns = None if gutter.columns is None else gutter.columns - gutter.digits - 3
    first, *more = wrapped(f"{kind}: {visible(text)}", columns, " " * (len(kind) + 2))
    yield f"{gutter.beside(' =')} {gutter.paint(STRONG, kind)}{first[len(kind) :]}"
    yield from (f"{' ' * gutter.digits}   {line}" for line in more)
