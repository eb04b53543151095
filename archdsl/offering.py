"""Which fixes are offered: those after which the text, checked whole, has their finding no more and
nothing new that is as bad. Each one is tried before anybody sees it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.edited import RANK, Moved, apart, difference, is_of
from archdsl.examine import TextFindings, check_text
from archdsl.rendering.fixed import applied
from archdsl.source import Source
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from archdsl.diagnostics import Diagnostic, Edit, Fix
    from archdsl.stages import Work

# Microseconds of checking for all fixes of a text: none is tried that would take more than is left.
WORK = 2_500_000


def offered(
    source: Source, found: TextFindings, root: Path | None = None, terms: Terms = USUAL
) -> tuple[Diagnostic, ...]:
    """The findings of a text, each with its fix if that may be offered: alone, and together with
    all others that do not touch it."""
    if not any(finding.fix for finding in found.findings):
        return found.findings
    trying = _Trying(source, found, root, terms)
    candidates = trying.candidates()
    spare = int(len(candidates) > 1)
    alone = [index for index in candidates if trying.betters([index], spare)]
    kept = trying.together(alone)
    return tuple(f if index in kept else plain(f) for index, f in enumerate(found.findings))


def plain(finding: Diagnostic) -> Diagnostic:
    """A finding without its fix."""
    return replace(finding, fix=None) if finding.fix else finding


def told(work: Work) -> tuple[Diagnostic, ...]:
    """The findings of a compilation, with what checking the whole text offers for them: ways out
    where sizes do not fit, and fixes. Nothing is offered for one design among others, of which the
    rest would have to be tried too."""
    if work.design or (work.evaluation is not None and work.evaluation.asked):
        return tuple(map(plain, work.findings))
    checked = offered(
        work.source, check_text(work.source, work.root, work.terms), work.root, work.terms
    )
    known = {_name(finding): finding for finding in checked}
    return tuple(_as_checked(finding, known.get(_name(finding))) for finding in work.findings)


def _as_checked(finding: Diagnostic, checked: Diagnostic | None) -> Diagnostic:
    """A finding as checking the whole text tells it; it is not told there where another
    architecture is in the way."""
    if checked is None:
        return plain(finding)
    return replace(finding, help=checked.help, notes=checked.notes, fix=checked.fix)


def _name(finding: Diagnostic) -> tuple[str, str, str]:
    return finding.code, str(finding.span), finding.message


class _Trying:
    """Applies fixes of a text in memory and checks what comes out, as long as the work allows."""

    def __init__(
        self, source: Source, found: TextFindings, root: Path | None, terms: Terms
    ) -> None:
        self.source = source
        self.findings = found.findings
        self.most = found.work  # that one check took
        self.root = root
        self.terms = terms
        self.left = WORK
        self.known: dict[str, TextFindings] = {}

    def candidates(self) -> list[int]:
        """The findings with a fix of this text, errors first, then those whose fix is safe."""
        fixes = [(i, f, f.fix) for i, f in enumerate(self.findings) if f.fix is not None]
        here = [(RANK[f.severity], not x.safe, i) for i, f, x in fixes if is_of(x, self.source)]
        return [index for _, _, index in sorted(here)]

    def together(self, alone: Sequence[int]) -> frozenset[int]:
        """Those of some fixes, each good alone, that may be applied with all others that do not
        touch them."""
        fixes = [fix for index in alone if (fix := self.findings[index].fix)]
        free = [alone[number] for number in apart(fixes)]
        if self.betters(free):
            return frozenset(alone)
        kept: list[int] = []
        for index in free:
            if not kept or self.betters([*kept, index]):
                kept.append(index)
        return frozenset(kept).union(set(alone).difference(free))

    def betters(self, fixed: Sequence[int], spare: int = 0) -> bool:
        """Whether the fixes of some findings, applied together, are good; False also for what
        there is no work left to try, besides that of so many checks to ``spare``."""
        edits = _edits(self.findings[index].fix for index in fixed)
        text = applied(self.source.text, edits)
        checked = self._checked(text, spare) if text != self.source.text else None
        if checked is None:
            return not fixed
        moved = Moved(edits)
        changed = difference(self.findings, checked.findings, self.source, moved, fixed)
        return changed.betters(fixed, self.findings)

    def _checked(self, text: str, spare: int) -> TextFindings | None:
        if text not in self.known:
            if self.left < (1 + spare) * self.most:
                return None
            found = check_text(
                Source(text, self.source.name), self.root, self.terms, ways_out=False
            )
            self.left -= found.work
            self.most = max(self.most, found.work)
            self.known[text] = found
        return self.known[text]


def _edits(fixes: Iterable[Fix | None]) -> list[Edit]:
    return [edit for fix in fixes if fix is not None for edit in fix.edits]
