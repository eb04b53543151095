"""A list of objects for programs; the shape is :class:`DiagnosticObject`, and stays as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.diagnostics import Amount, Diagnostic, Fix
    from archdsl.rendering.paint import Paint
    from archdsl.source import Source, Span


class Place(TypedDict):
    """``offset`` counts characters from 0; ``line`` and ``column`` from 1."""

    offset: int
    line: int
    column: int


class SpanObject(TypedDict):
    """``end`` is the place after the last character."""

    file: str
    start: Place
    end: Place


class LabelObject(TypedDict):
    text: str
    span: SpanObject


class EditObject(TypedDict):
    span: SpanObject
    replacement: str


class FixObject(TypedDict):
    """``safe``: it cannot change what the spec means."""

    title: str
    safe: bool
    edits: list[EditObject]


class AmountObject(TypedDict):
    """The numbers of ``label`` and ``needed``, in the base units of
    :class:`~archdsl.diagnostics.Amount`."""

    measured: float
    threshold: float


class DiagnosticObject(TypedDict):
    """``rule`` is the slug of a principle; ``trail`` holds the calls that led there, innermost
    first. Absent texts are empty."""

    code: str
    rule: str | None
    severity: str
    message: str
    span: SpanObject | None
    label: str
    needed: str
    notes: list[str]
    help: str
    trail: list[LabelObject]
    fix: FixObject | None
    amount: AmountObject | None


def render(diagnostics: Sequence[Diagnostic], paint: Paint, columns: int | None) -> str:
    return json.dumps([as_object(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def as_object(diagnostic: Diagnostic) -> DiagnosticObject:
    """A diagnostic as plain data."""
    return DiagnosticObject(
        code=diagnostic.code,
        rule=diagnostic.rule or None,
        severity=diagnostic.severity.value,
        message=diagnostic.message,
        span=_span(diagnostic.span) if diagnostic.span else None,
        label=diagnostic.label,
        needed=diagnostic.needed,
        notes=list(diagnostic.notes),
        help=diagnostic.help,
        trail=[LabelObject(text=t.text, span=_span(t.span)) for t in diagnostic.trail],
        fix=_fix(diagnostic.fix) if diagnostic.fix else None,
        amount=_amount(diagnostic.amount) if diagnostic.amount else None,
    )


def _amount(amount: Amount) -> AmountObject:
    return AmountObject(measured=amount.measured, threshold=amount.threshold)


def _fix(fix: Fix) -> FixObject:
    edits = [EditObject(span=_span(e.span), replacement=e.replacement) for e in fix.edits]
    return FixObject(title=fix.title, safe=fix.safe, edits=edits)


def _span(span: Span) -> SpanObject:
    start, end = _place(span.source, span.start), _place(span.source, span.end)
    return SpanObject(file=span.source.name, start=start, end=end)


def _place(source: Source, offset: int) -> Place:
    line, column = source.position(offset)
    return Place(offset=offset, line=line, column=column)
