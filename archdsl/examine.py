"""Checking a spec whole: every architecture in it, and spaces by the designs that are in them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from archdsl.design.designs import sampler
from archdsl.design.run import BoundMet
from archdsl.diagnostics import Diagnostic, Severity, SpecError
from archdsl.space.exhaust import every
from archdsl.stages import UNSATISFIED, judge
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.design.program import Evaluation, Program
    from archdsl.design.run import Chooser

TRIED = 64  # designs evaluated to find one that is valid, in order and then again at random


class Examination(NamedTuple):
    """What holds for an architecture; ``unsatisfiable`` when every design of it was refused."""

    findings: tuple[Diagnostic, ...]
    unsatisfiable: bool = False


def examine(
    program: Program, terms: Terms = USUAL, siblings: tuple[Program, ...] = ()
) -> Examination:
    """Whether a space has a valid design: its findings are those that all designs tried share."""
    judged = Judging(program, terms, siblings)
    try:
        return _examined(program, judged)
    except BoundMet as met:
        return Examination(met.diagnostics)


def _examined(program: Program, judged: Judging) -> Examination:
    refused: list[list[Diagnostic]] = []
    for evaluation in every(program, judged.terms.bounds):
        findings = judged.verdict(evaluation)
        if not errors(findings):
            return Examination(tuple(findings))
        refused.append(findings)
        if len(refused) == TRIED:
            return _by_chance(program, judged, refused)
    return _proven(program, refused)


def _proven(program: Program, refused: list[list[Diagnostic]]) -> Examination:
    """All designs there are were refused."""
    shared = refused[0] if len(refused) == 1 else _shared(refused)
    if shared:
        return Examination(tuple(shared), _only_limits(shared))
    message = f"none of the {len(refused)} designs of `{program.name}` is valid"
    verdict = Diagnostic("E510", message, program.span, notes=_reasons(refused))
    return Examination((verdict,), unsatisfiable=True)


def _by_chance(program: Program, judged: Judging, refused: list[list[Diagnostic]]) -> Examination:
    """The space is larger than what was tried in order: try as many at random."""
    for evaluation in islice(judged.drawn(sampler(0)), TRIED):
        findings = judged.verdict(evaluation)
        if not errors(findings):
            return Examination(tuple(findings))
        refused.append(findings)
    shared = _shared(refused)
    message = f"none of {len(refused)} designs of `{program.name}` that were tried is valid"
    doubt = Diagnostic("W511", message, program.span, Severity.WARNING, notes=_reasons(refused))
    return Examination(tuple(shared) or (doubt,))


class Judging(NamedTuple):
    """A program with what its designs are held to."""

    program: Program
    terms: Terms = USUAL
    siblings: tuple[Program, ...] = ()

    def verdict(self, evaluation: Evaluation | SpecError) -> list[Diagnostic]:
        """What is wrong with one design."""
        try:
            if isinstance(evaluation, SpecError):
                return list(evaluation.diagnostics)
            return judge(self.program, evaluation, self.terms, self.siblings)
        except SpecError as error:
            return list(error.diagnostics)

    def drawn(self, chooser: Chooser) -> Iterator[Evaluation | SpecError]:
        """Designs at random without end, or what is wrong with them."""
        while True:
            try:
                yield self.program.evaluate(chooser, self.terms.bounds)
            except BoundMet:
                raise
            except SpecError as error:
                yield error


def errors(findings: list[Diagnostic]) -> list[Diagnostic]:
    """Those that refuse a design."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _only_limits(findings: list[Diagnostic]) -> bool:
    return all(finding.code in UNSATISFIED for finding in errors(findings))


def _shared(refused: list[list[Diagnostic]]) -> list[Diagnostic]:
    """The errors of the first design that every other one has in the same place."""
    places = [{(f.code, f.span) for f in errors(findings)} for findings in refused]
    common = set.intersection(*places)
    return [finding for finding in refused[0] if (finding.code, finding.span) in common]


def _reasons(refused: list[list[Diagnostic]]) -> tuple[str, ...]:
    """What refuses designs, the most frequent first."""
    counts: dict[str, int] = {}
    for findings in refused:
        for finding in errors(findings)[:1]:
            place = f"{finding.span}: " if finding.span else ""
            reason = f"{place}{finding.code} {finding.message}"
            counts[reason] = counts.get(reason, 0) + 1
    ordered = sorted(counts, key=lambda reason: -counts[reason])
    return tuple(f"{counts[reason]} of them: {reason}" for reason in ordered[:3])
