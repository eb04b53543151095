"""Applying fixes to a spec's text until none is left to apply."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import api
from archdsl.diagnostics import Severity, SpecError
from archdsl.rendering.fixed import applied
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from archdsl.diagnostics import Diagnostic, Fix

ROUNDS = 20  # times that a text is checked anew; fixes that overlap wait for the next


class Fixed(NamedTuple):
    """A text after its fixes, their titles, and what is left to say about it."""

    text: str
    titles: tuple[str, ...]
    report: api.Report


class Fixing(NamedTuple):
    """What is fixed how: fixes that change the meaning only when ``unsafe``; when ``errors_only``
    none of what is no error; without ``principles`` none of what is no mistake of the text."""

    name: str = "<text>"
    root: Path | None = None
    terms: Terms = USUAL
    unsafe: bool = False
    errors_only: bool = False
    principles: bool = True

    def check(self, text: str) -> api.Report:
        """What there is to say about a text."""
        return api.check(text, name=self.name, root=self.root, terms=self.terms)

    def run(self, text: str) -> Fixed:
        """Fix what can be fixed. What is fixed is brought into the canonical layout.

        A fix that does not take its finding away is taken back, and left to the author.
        """
        report, titles, useless = self.check(text), list[str](), set[tuple[str, str]]()
        for _ in range(ROUNDS):
            chosen = self._chosen(text, report, useless)
            if not chosen:
                break
            done = self._try(text, report, chosen)
            if done is None and len(chosen) > 1:
                chosen = chosen[:1]
                done = self._try(text, report, chosen)
            if done is None:
                useless.add(_name(chosen[0]))
                continue
            text, report = done
            titles += [found.fix.title for found in chosen if found.fix]
        return Fixed(text, tuple(titles), report)

    def _chosen(
        self, text: str, report: api.Report, useless: set[tuple[str, str]]
    ) -> list[Diagnostic]:
        """The findings with fixes that do not overlap, the first in the text first.

        Mistakes of the text come before principles, which may then have nothing to say.
        """
        able = [
            found
            for found in report.diagnostics
            if found.fix is not None
            and (found.fix.safe or self.unsafe)
            and (found.severity is Severity.ERROR or not self.errors_only)
            and _name(found) not in useless
            and all(self._is_here(edit.span.source, text) for edit in found.fix.edits)
        ]
        mistakes = [found for found in able if _is_mistake(found)]
        chosen: list[Diagnostic] = []
        for found in sorted(mistakes or (able if self.principles else ()), key=_start):
            if not any(_overlap(found.fix, other.fix) for other in chosen):
                chosen.append(found)
        return chosen

    def _is_here(self, source: object, text: str) -> bool:
        return (getattr(source, "name", ""), getattr(source, "text", "")) == (self.name, text)

    def _try(
        self, text: str, before: api.Report, chosen: Sequence[Diagnostic]
    ) -> tuple[str, api.Report] | None:
        """The text after some fixes and its report; None when they do not help."""
        edits = [edit for found in chosen if found.fix for edit in found.fix.edits]
        changed = _formatted(applied(text, edits))
        after = self.check(changed)
        left = [_name(found) for found in after.diagnostics]
        told = [_name(found) for found in before.diagnostics]
        helped = all(left.count(_name(found)) < told.count(_name(found)) for found in chosen)
        broken = _is_broken(after.diagnostics) and not _is_broken(before.diagnostics)
        return (changed, after) if helped and not broken else None


def _name(found: Diagnostic) -> tuple[str, str]:
    return found.code, found.message


def _start(found: Diagnostic) -> int:
    return min(edit.span.start for edit in found.fix.edits) if found.fix else 0


def _overlap(one: Fix | None, other: Fix | None) -> bool:
    if one is None or other is None:
        return False
    return any(
        a.span.start <= b.span.end and b.span.start <= a.span.end
        for a in one.edits
        for b in other.edits
    )


def _is_broken(findings: Iterable[Diagnostic]) -> bool:
    """Whether the text does not even say a design: an error that is no principle's."""
    return any(_is_mistake(found) for found in findings)


def _is_mistake(found: Diagnostic) -> bool:
    return found.severity is Severity.ERROR and found.code.startswith("E")


def _formatted(text: str) -> str:
    """In canonical layout, unless other mistakes of writing are left in it."""
    try:
        return api.format(text)
    except SpecError:
        return text
