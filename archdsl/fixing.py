"""Applying fixes to a spec's text until none is left to apply."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from archdsl import api
from archdsl.diagnostics import Severity, SpecError
from archdsl.edited import Moved, apart, difference, is_of
from archdsl.examine import check_text
from archdsl.offering import offered
from archdsl.rendering.fixed import applied
from archdsl.source import Source
from archdsl.syntax.format import format_source
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from archdsl.diagnostics import Diagnostic
    from archdsl.examine import TextFindings

ROUNDS = 40  # times that fixes are chosen and tried
AHEAD = 4  # rounds of fixes that may bring up others, as long as those are fixed in turn
WORK = 8_000_000  # microseconds of checking that trying them may take, counted


class Fixed(NamedTuple):
    """A text after its fixes, their titles, and what is left to say about it."""

    text: str
    titles: tuple[str, ...]
    report: api.Report


def fix(
    spec: api.AnySpec,
    *,
    unsafe: bool = False,
    name: str | None = None,
    root: api.Root = None,
    terms: Terms | None = None,
) -> Fixed:
    """Apply the fixes of a spec's findings, what ``archdsl check --fix`` does; a file is not
    changed.

    Those that change what the spec means only with ``unsafe``, as ``--unsafe-fixes``. The other
    arguments are those that all functions share (:mod:`archdsl.api`). Raises
    :class:`~archdsl.diagnostics.SpecError` for what cannot be checked at all (a file that is no
    text, wrong settings of its project), and OSError.
    """
    given = api.read(spec, name, root, terms)
    return Fixing(given.source.name, given.root, given.terms, unsafe).run(given.source.text)


class State(NamedTuple):
    """A text on the way, and what there is to say about it. Of the text at the beginning:
    ``moved`` tells where its places are now, ``fixed`` which of its findings have been fixed.
    ``last`` are those of the text before that were fixed last."""

    source: Source
    found: TextFindings
    titles: tuple[str, ...] = ()
    moved: tuple[Callable[[int], int], ...] = ()
    fixed: tuple[int, ...] = ()
    last: tuple[int, ...] = ()

    def begun(self) -> State:
        """The same, as the beginning of what comes."""
        return State(self.source, self.found, self.titles)

    def place(self, offset: int) -> int:
        for move in self.moved:
            offset = move(offset)
        return offset


class Fixing(NamedTuple):
    """What is fixed how: fixes that change the meaning only when ``unsafe``; when ``errors_only``
    none of what is no error; without ``principles`` none of what is no mistake of the text.

    ``halfway``: a fix may bring up mistakes or principles that were hidden by what it fixed, for
    those who look on from there. Otherwise what comes out has no finding that is new and as bad.
    """

    name: str = "<text>"
    root: Path | None = None
    terms: Terms = USUAL
    unsafe: bool = False
    errors_only: bool = False
    principles: bool = True
    halfway: bool = False

    def check(self, text: str) -> TextFindings:
        """What there is to say about a text; its fixes are not tried."""
        return check_text(Source(text, self.name), self.root, self.terms)

    def run(self, text: str) -> Fixed:
        """Fix what can be fixed, and change no other lines than that takes.

        A fix that does not take its finding away is taken back, and left to the author; so is one
        that brings up others, unless fixing these too makes the text better than it was.
        """
        source, found = Source(text, self.name), self.check(text)
        end = _Run(self, State(source, found)).end()
        tidy = _tidy(source.text, end.source.text)
        if tidy != end.source.text:
            end = end._replace(source=Source(tidy, self.name), found=self.check(tidy))
        findings = offered(end.source, end.found, self.root, self.terms)
        return Fixed(tidy, end.titles, api.Report(findings, end.found.unsatisfiable))

    def able(self, state: State) -> list[int]:
        """The findings with fixes that may be applied; mistakes of the text come before
        principles, which may then have nothing to say."""
        able = [
            index
            for index, found in enumerate(state.found.findings)
            if found.fix is not None
            and (found.fix.safe or self.unsafe)
            and (found.severity is Severity.ERROR or not self.errors_only)
            and is_of(found.fix, state.source)
        ]
        mistakes = [index for index in able if _is_mistake(state.found.findings[index])]
        return mistakes or (able if self.principles else [])


class _Run:
    """Fixes one text. A fix that did not help is not tried again."""

    def __init__(self, fixing: Fixing, start: State) -> None:
        self.fixing = fixing
        self.state = start
        self.rounds = ROUNDS
        self.work = WORK
        self.useless: set[tuple[str, str, str]] = set()

    def end(self) -> State:
        """The last text that is better than the one before it."""
        while self.rounds > 0 and self.work > 0:
            better = self._step(self.state, self.is_better) or self._ahead()
            if better is None:
                break
            self.state = better.begun()
        return self.state

    def is_better(self, after: State) -> bool:
        """Whether what was fixed is gone, and nothing new is as bad."""
        findings, now = self.state.found.findings, after.found.findings
        changed = difference(findings, now, self.state.source, after.place, after.fixed)
        if not self.fixing.halfway:
            return changed.betters(after.fixed, findings)
        broken = any(map(_is_mistake, now))
        hidden = any(map(_is_mistake, findings))
        return changed.gone.issuperset(after.fixed) and (hidden or not broken)

    def _ahead(self) -> State | None:
        """A better text that a few rounds of fixes lead to, though the first ones bring up what
        was hidden by the mistakes that they fix."""
        walked: State | None = self.state
        useless, self.useless = self.useless, set()
        for _ in range(AHEAD):
            if walked is not None:
                before = walked
                walked = self._step(before, partial(_is_gone, before))
            if walked is None or self.is_better(walked):
                break
        self.useless = useless
        return walked if walked is not None and self.is_better(walked) else None

    def _step(self, state: State, is_good: Callable[[State], bool]) -> State | None:
        """The text after fixes that are good: all that do not touch, else one of them."""
        while True:
            findings = state.found.findings
            able = [i for i in self.fixing.able(state) if _name(findings[i]) not in self.useless]
            able.sort(key=lambda i: _start(findings[i]))
            fixes = [fix for index in able if (fix := findings[index].fix)]
            chosen = [able[number] for number in apart(fixes)]
            if not chosen or self.rounds <= 0 or self.work <= 0:
                return None
            for some in [chosen, *([chosen[:1]] if len(chosen) > 1 else [])]:
                after = self._after(state, some)
                if after is not None and is_good(after):
                    return after
            self.useless.add(_name(findings[chosen[0]]))

    def _after(self, state: State, chosen: Sequence[int]) -> State | None:
        """The text after some fixes; None where these change nothing."""
        findings = [state.found.findings[index] for index in chosen]
        edits = [edit for found in findings if found.fix for edit in found.fix.edits]
        text = applied(state.source.text, edits)
        self.rounds -= 1
        if text == state.source.text:
            return None
        found = self.fixing.check(text)
        self.work -= found.work
        return State(
            Source(text, self.fixing.name),
            found,
            (*state.titles, *(found.fix.title for found in findings if found.fix)),
            (*state.moved, Moved(edits)),
            state.fixed if state.moved else tuple(chosen),
            tuple(chosen),
        )


def _is_gone(before: State, after: State) -> bool:
    """Whether what was fixed last is gone, whatever has come instead."""
    findings, move = before.found.findings, after.moved[-1]
    changed = difference(findings, after.found.findings, before.source, move, after.last)
    return changed.gone.issuperset(after.last)


def _name(found: Diagnostic) -> tuple[str, str, str]:
    return found.code, found.message, str(found.span)


def _start(found: Diagnostic) -> int:
    return min(edit.span.start for edit in found.fix.edits) if found.fix else 0


def _is_mistake(found: Diagnostic) -> bool:
    """Whether the text does not even say a design: an error that is no principle's."""
    return found.severity is Severity.ERROR and found.code.startswith("E")


def _tidy(before: str, after: str) -> str:
    """A fixed text; one that was in canonical layout stays so where that changes no other lines."""
    try:
        formatted = format_source(after) if format_source(before) == before else after
    except SpecError:
        return after
    return formatted if lines_changed(before, formatted) <= lines_changed(before, after) else after


def lines_changed(text: str, other: str) -> set[int]:
    """The lines of a text, from 0, that are not in another, or are before what is new there."""
    opcodes = SequenceMatcher(None, text.split("\n"), other.split("\n")).get_opcodes()
    changed = (opcode for opcode in opcodes if opcode[0] != "equal")
    return {line for _, first, end, _, _ in changed for line in range(first, max(end, first + 1))}
