"""All that is found wrong with the designs of a text, each beside the others as its baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.limits.requirements import check_requirements
from archdsl.resolve.loading import load
from archdsl.rules.judging import principles
from archdsl.source import Source

if TYPE_CHECKING:
    from archdsl.diagnostics import Diagnostic
    from archdsl.evaluate.program import Evaluation, Program


class Judged(NamedTuple):
    program: Program
    evaluation: Evaluation
    findings: list[Diagnostic]

    def told(self, *severities: str) -> list[str]:
        """``P501 …`` for each finding of these severities."""
        return [
            f"{self.program.name}: {found.code} {found.message}"
            for found in self.findings
            if found.severity.value in severities
        ]


def judged(text: str) -> list[Judged]:
    """Every design of a text."""
    programs = load(Source(text, "<new>")).programs
    found = []
    for program in programs.values():
        evaluation = program.evaluate(lambda path, point: 0)
        siblings = tuple(other for other in programs.values() if other is not program)
        findings = [
            *check_requirements(program, evaluation),
            *principles(program, evaluation, siblings=siblings),
        ]
        found.append(Judged(program, evaluation, findings))
    return found
