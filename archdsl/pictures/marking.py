"""Findings put where they are: at the boxes that stand for the part of the source they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.diagnostics import Diagnostic
    from archdsl.pictures.drafts import Draft
    from archdsl.source import Span


def mark(whole: Draft, findings: Sequence[Diagnostic]) -> None:
    """Note each finding at the boxes it is of; one that is of none is told below alone."""
    drafts = [draft for draft in whole.every() if draft.spans]
    for number, finding in enumerate(findings):
        for draft in _boxes_of(finding, drafts):
            draft.findings.append(number)


def _boxes_of(finding: Diagnostic, drafts: list[Draft]) -> list[Draft]:
    """The boxes of the place itself, else those of the calls that led there, innermost first."""
    trail = [label.span for label in finding.trail]
    if finding.span is None:
        return []
    found = _at(finding.span, drafts)
    led = [draft for draft in found if _came_through(draft, trail)]
    for span in trail:
        if led or found:
            break
        found = _at(span, drafts)
    return led or found


def _came_through(draft: Draft, trail: list[Span]) -> bool:
    """Whether a box is inside of a call that a finding tells of."""
    spans = {span for outer in draft.around() for span in outer.spans}
    return not trail or any(span in spans for span in trail)


def _at(span: Span, drafts: list[Draft]) -> list[Draft]:
    """The boxes of a part of the source, else the outermost inside of it, else the smallest around
    it that are not the whole body."""
    exact = [draft for draft in drafts if span in draft.spans]
    if exact:
        return _innermost(exact)
    within = [d for d in drafts if any(_is_within(one, span) for one in d.spans)]
    if within:
        return [d for d in within if d.outer not in within][:1]
    around = [(one.end - one.start, d) for d in drafts for one in d.spans if _is_within(span, one)]
    least = min((size for size, _ in around), default=0)
    return _innermost([draft for size, draft in around if size == least])


def _innermost(drafts: list[Draft]) -> list[Draft]:
    """Without those that others of them are inside of."""
    outer = {id(one) for draft in drafts for one in draft.around() if one is not draft}
    return [draft for draft in drafts if id(draft) not in outer]


def _is_within(span: Span, part: Span) -> bool:
    return part.start <= span.start and span.end <= part.end and span.source == part.source
