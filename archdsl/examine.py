"""Checking a whole spec: every architecture in it, and spaces by the designs in them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import stages
from archdsl.diagnostics import Diagnostic, Severity, SpecError
from archdsl.evaluate.bounds import Effort
from archdsl.evaluate.designs import design_of, drawn_with
from archdsl.evaluate.going_on import further
from archdsl.evaluate.run import BoundMet
from archdsl.limits.requirements import only_misses
from archdsl.space.trying import EACH, EFFORT, judged_of, only_design, tried
from archdsl.stages import judge, unmet
from archdsl.syntax import nodes
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.evaluate.run import Chooser
    from archdsl.rules.causes import Cause
    from archdsl.rules.spaces import Judged
    from archdsl.source import Source
    from archdsl.space.space import Space
    from archdsl.space.trying import Tried


REDRAWN_OPS = 20_000  # ops of the designs drawn to test whether choices cause a finding
OP = 40  # microseconds that an op takes to be evaluated and judged
CHARACTER = 5  # microseconds that a character of a text takes to be read and resolved


class TextFindings(NamedTuple):
    """The findings of a text, architecture by architecture. Their fixes are candidates that were
    not tried yet (:mod:`archdsl.offering` does). ``unsatisfiable`` and ``work``: see
    :class:`Examination`."""

    findings: tuple[Diagnostic, ...]
    unsatisfiable: bool = False
    work: int = 0


def check_text(
    source: Source, root: Path | None = None, terms: Terms = USUAL, ways_out: bool = True
) -> TextFindings:
    """All findings of a text; never raises. With ``ways_out``, changes that may help are searched
    for where sizes do not fit."""
    work = stages.run(stages.Work(source, root, terms=terms), stages.STAGES[:1])
    return check_resolved(work, ways_out)


def check_resolved(work: stages.Work, ways_out: bool = True) -> TextFindings:
    """The same as :func:`check_text` after the first stage."""
    terms = work.terms
    reading = CHARACTER * len(work.source.text)
    if work.spec is None:
        return TextFindings(work.findings, work=reading)
    programs = work.spec.programs.values()
    each = [examine(program, terms, work.spec.beside(program)) for program in programs]
    findings = (*work.findings, *(finding for one in each for finding in one.findings))
    if any(isinstance(item, nodes.Block) and item.shared for item in work.spec.tree.items):
        from archdsl.closing.unshared import shared_for_nothing

        findings = (*findings, *shared_for_nothing(work.spec))
    if ways_out and any(one.code in (stages.MISFIT, stages.UNFIT) for one in findings):
        from archdsl.remedies import with_ways_out  # sizes fit, mostly

        findings = with_ways_out(work, findings)
    unsatisfiable = any(one.unsatisfiable for one in each)
    return TextFindings(findings, unsatisfiable, reading + sum(one.work for one in each))


class Examination(NamedTuple):
    """The findings of one architecture. ``unsatisfiable``: every design was rejected by a
    ``require``. ``work`` estimates the time of the check in microseconds, from counted steps."""

    findings: tuple[Diagnostic, ...]
    unsatisfiable: bool = False
    work: int = 0


def examine(
    program: Program, terms: Terms = USUAL, siblings: tuple[Program, ...] = ()
) -> Examination:
    """Check an architecture: findings that all its designs have, and those that some choices cause.

    Designs whose layers do not fit together, or that miss a ``require``, are invalid: what rules
    find in them is not reported.
    """
    return examined(Judging(program, terms, siblings, quick=True))


def examined(judging: Judging) -> Examination:
    """The same as :func:`examine`, for a program that is bundled with its terms."""
    try:
        only = only_design(judging.program, judging.terms.bounds)
        if only is None:
            found = _examine_space(judging)
            return found._replace(work=judging.spent())
    except BoundMet as met:
        return Examination(met.diagnostics)
    outcome = only.outcome
    if isinstance(outcome, SpecError):
        from archdsl.rules.judging import of_data

        outcome = further(outcome, judging.program, None, judging.terms.bounds)
        habits = of_data(judging.program, judging.terms.config)
        return Examination((*outcome.diagnostics, *habits), only_misses(outcome.diagnostics))
    findings = judging.verdict(outcome)
    unsatisfiable = bool(errors(findings)) and only_misses(findings)
    return Examination(tuple(findings), unsatisfiable, OP * judging.judged.spent)


def _examine_space(judging: Judging) -> Examination:
    """Check a space: what is proven of all its designs, and what the rules find in the designs that
    were tried."""
    from archdsl.space.explore.explorer import Unexplorable
    from archdsl.space.findings import findings_of, number_refused

    space = judging.space
    try:
        proven = findings_of(space) if space.valid().count else None
    except Unexplorable as unexplorable:
        proven = [replace(d, severity=Severity.NOTE) for d in unexplorable.diagnostics]
    except SpecError as wrong:
        return Examination(wrong.diagnostics)
    if proven is None:
        return _why_no_design(judging, space)
    looked = tried(judging.program, judging.terms.bounds, space)
    if looked.refused is not None:
        proven.append(number_refused(looked.refused))
    found = _findings_of_designs(judging, looked, space)
    idle = _choices_without_effect(judging, looked, space)
    return found._replace(findings=(*proven, *idle, *found.findings))


def _choices_without_effect(judging: Judging, looked: Tried, space: Space) -> list[Diagnostic]:
    """Findings about choices that change nothing: proven, or only in the designs tried."""
    from archdsl.space.findings import without_effect, without_visible_effect

    outcomes = [trial.outcome for trial in looked.trials]
    designs = [outcome for outcome in outcomes if not isinstance(outcome, SpecError)]
    found: list[Diagnostic] = []
    with suppress(BoundMet):
        every = looked.whole and not space.valid().unproven
        found += without_effect(space, designs if every else [])
        if not every:
            valid = [one for one in designs if not unmet(judging.program, one)]
            for one in without_visible_effect(space, valid, judging.valid_within(REDRAWN_OPS)):
                found.append(one)  # those found before the work is done are told, too
    return found


def _why_no_design(judging: Judging, space: Space) -> Examination:
    """No design is valid: an error that all of them share, else the reasons of each choice."""
    from archdsl.rules.spaces import Coverage, Judged, shared_errors
    from archdsl.space.findings import none_is_valid

    looked = tried(judging.program, judging.terms.bounds)
    judged = [Judged(trial.design, judging.verdict(trial.outcome)) for trial in looked.trials]
    shared = shared_errors(judged, Coverage(space.count(), whole=True))
    if shared:
        return Examination(tuple(shared), only_misses(shared))
    return Examination((none_is_valid(space),), unsatisfiable=True)


def _findings_of_designs(judging: Judging, looked: Tried, space: Space) -> Examination:
    """What the rules find in the designs that were tried, as findings of the space."""
    from archdsl.rules.spaces import Coverage, Judged, shared_errors, space_findings

    program = judging.program
    judged = [Judged(trial.design, judging.verdict(trial.outcome)) for trial in looked.trials]
    designs = [one for one in judged if not _is_refused(one.findings)]
    if not designs:
        return _no_valid_design(program, judged, looked)
    again = None if looked.whole else DesignRedrawer(judging, [one.design for one in designs])
    proven = frozenset() if looked.whole else _rules_rejecting_all(judging, looked, space)
    coverage = Coverage(len(designs), looked.whole, looked.size, again, proven)
    found = space_findings(designs, coverage)
    rejected = all(errors(one.findings) for one in designs)
    if rejected and not errors(found) and not shared_errors(designs, coverage):
        return _no_valid_design(program, designs, looked, found)
    return Examination(tuple(found), bool(errors(found)) and only_misses(found))


def _rules_rejecting_all(judging: Judging, looked: Tried, space: Space) -> frozenset[str]:
    """The codes of the rules that every design is proven to break."""
    from archdsl.rules.case import Case
    from archdsl.rules.catalog import all_rules
    from archdsl.rules.config import Config
    from archdsl.space.explore.explorer import Unexplorable
    from archdsl.space.metrics import sort_key

    def least(metric: str) -> float:
        try:
            extent = space.bounds(metric, valid=True)
        except Unexplorable:
            return 0
        return sort_key(extent.low.value) if extent else 0

    config = judging.terms.config or Config()
    outcome = next(t.outcome for t in looked.trials if not isinstance(t.outcome, SpecError))
    case = Case(judging.program, outcome, judging.siblings)
    rules = [config.made(rule) for rule in all_rules() if config.wants(rule)]
    concerned = [rule for rule in rules if rule.concerns(case.task)]
    return frozenset(rule.code for rule in concerned if rule.rejects_all(case, least))


def _is_refused(findings: Sequence[Diagnostic]) -> bool:
    """Whether a design is invalid: it has an error that is not that of a principle."""
    return any(not finding.code.startswith(("P", "W")) for finding in errors(findings))


def _no_valid_design(
    program: Program, refused: list[Judged], looked: Tried, found: Sequence[Diagnostic] = ()
) -> Examination:
    """None of the designs that were tried is valid: errors that all share, or the most frequent
    ones."""
    from archdsl.rules.spaces import Coverage, shared_errors

    coverage = Coverage(len(refused), looked.whole, looked.size)
    shared = [] if found else shared_errors(refused, coverage)
    if shared:
        return Examination(tuple(shared), looked.whole and only_misses(shared))
    reasons = _most_frequent_reasons([one.findings for one in refused])
    if looked.whole:
        word = "sound" if found else "valid"
        message = f"none of the {len(refused)} designs of `{program.name}` is {word}"
        verdict = Diagnostic("E510", message, program.span, notes=reasons)
        return Examination((verdict, *found), unsatisfiable=not found)
    message = f"none of {len(refused)} designs of `{program.name}` that were tried is valid"
    doubt = Diagnostic("W511", message, program.span, Severity.WARNING, notes=reasons)
    return Examination((doubt, *found))


class DesignRedrawer:
    """Draws more designs that share given values of choices, to test whether these cause a finding.

    Calling it with a cause gives up to ``each`` new designs with those values, checked; None once
    the limit of ``most`` designs, or of work, is reached. Results are cached.
    """

    def __init__(
        self, judging: Judging, looked_at: list[dict[str, Any]], each: int = 12, most: int = 360
    ) -> None:
        self.judging = judging
        self.looked_at = frozenset(frozenset(design.items()) for design in looked_at)
        self.each = each
        self.left = most
        self.effort = Effort()
        self.known: dict[Cause, list[Judged] | None] = {}

    def __call__(self, cause: Cause) -> list[Judged] | None:
        if cause not in self.known:
            try:
                drawn = list(self._drawn(cause)) if self.left else []
                self.known[cause] = drawn if drawn or self.left else None
            except BoundMet:
                self.known[cause] = None
        return self.known[cause]

    def _drawn(self, cause: Cause) -> Iterator[Judged]:
        from archdsl.rules.causes import has
        from archdsl.rules.spaces import Judged

        drawn = self.judging.drawn(drawn_with(dict(cause), seed=0), self.effort)
        seen = set(self.looked_at)
        for evaluation in islice(drawn, min(self.each, self.left)):
            self.left -= 1
            self.effort.spent += EFFORT * judged_of(evaluation)
            if self.effort.spent > EFFORT * REDRAWN_OPS:
                self.left = 0
                return
            findings = self.judging.verdict(evaluation)
            if isinstance(evaluation, SpecError) or _is_refused(findings):
                continue
            design = design_of(evaluation)
            key = frozenset(design.items())
            if has(design, cause) and key not in seen:
                seen.add(key)
                yield Judged(design, findings)


@dataclass(frozen=True)
class Judging:
    """A program with the terms that its designs are checked by. ``quick`` explores its space with a
    smaller limit of states, so that less may be proven."""

    program: Program
    terms: Terms = USUAL
    siblings: tuple[Program, ...] = ()
    quick: bool = False
    judged: Effort = field(default_factory=Effort, compare=False)  # ops of the designs checked

    @cached_property
    def space(self) -> Space:
        """The space of all designs, explored once."""
        from archdsl.space.restrict import STATES
        from archdsl.space.space import FEW_STATES, Space  # few specs have choices

        bounds = self.terms.bounds
        half = bounds._replace(work=bounds.work // 2)  # trying designs takes the rest
        return Space(self.program, half, FEW_STATES if self.quick else STATES)

    def verdict(self, evaluation: Evaluation | SpecError) -> list[Diagnostic]:
        """The findings of one design."""
        self.judged.spent += EACH + judged_of(evaluation)
        try:
            if isinstance(evaluation, SpecError):
                return list(evaluation.diagnostics)
            return judge(self.program, evaluation, self.terms, self.siblings)
        except SpecError as error:
            return list(error.diagnostics)

    def spent(self) -> int:
        """An estimate of the microseconds spent on exploring the space and checking designs."""
        exploring = self.space.bounds_of_one.work - self.space.work
        return exploring + OP * self.judged.spent

    def valid_within(self, ops: int) -> Callable[[Chooser], Evaluation | SpecError]:
        """Evaluates designs, and tells why one is not valid, until they come to so many ops; raises
        BoundMet then."""
        effort = Effort()

        def attempt(chooser: Chooser) -> Evaluation | SpecError:
            outcome = self.program.attempt(chooser, self.terms.bounds, effort)
            effort.spent += EFFORT * judged_of(outcome)
            if effort.spent > EFFORT * ops:
                raise BoundMet
            wrong = [] if isinstance(outcome, SpecError) else unmet(self.program, outcome)
            return SpecError(*wrong) if wrong else outcome

        return attempt

    def drawn(
        self, chooser: Chooser, effort: Effort | None = None
    ) -> Iterator[Evaluation | SpecError]:
        """Designs at random without end, or what is wrong with them."""
        while True:
            yield self.program.attempt(chooser, self.terms.bounds, effort)


def errors(findings: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings at error severity, which reject a design."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _most_frequent_reasons(refused: Sequence[Sequence[Diagnostic]]) -> tuple[str, ...]:
    """The most frequent errors of designs, with how many have them."""
    counts: dict[str, int] = {}
    for findings in refused:
        for finding in errors(findings)[:1]:
            place = f"{finding.span}: " if finding.span else ""
            reason = f"{place}{finding.code} {finding.message}"
            counts[reason] = counts.get(reason, 0) + 1
    ordered = sorted(counts, key=lambda reason: -counts[reason])
    return tuple(f"{counts[reason]} of them: {reason}" for reason in ordered[:3])
