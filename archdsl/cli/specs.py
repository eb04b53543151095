"""The spec of a command: its programs, or the stages run on one design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import stages
from archdsl.cli import exits
from archdsl.cli.inputs import chosen, design_from, root_of, source_of
from archdsl.diagnostics import Diagnostic, Severity, SpecError
from archdsl.limits.requirements import only_misses
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.examine import Examination, Judging
    from archdsl.stages import Work


class Told(SpecError):
    """A spec has errors; of their fixes there are only those that were tried."""


def judgings_of(file: str, arch: str | None, terms: Terms = USUAL) -> list[Judging]:
    """The architecture asked for, or all of a file. Raises :class:`SpecError`."""
    from archdsl.examine import Judging

    if arch is not None:
        return [judging_of(file, arch, terms)]
    work = _succeeded(stages.run(_work(file, None, terms), stages.STAGES[:1]))
    assert work.spec is not None
    programs = list(work.spec.programs.values()) or [work.spec.program()]
    return [Judging(program, terms, work.spec.beside(program)) for program in programs]


def judging_of(file: str, arch: str | None, terms: Terms = USUAL) -> Judging:
    """The architecture asked for, or the only one, with the others of its file and what it is held
    to. Raises :class:`SpecError`."""
    from archdsl.examine import Judging

    work = _succeeded(stages.run(_work(file, arch, terms), stages.STAGES[:2]))
    assert work.spec is not None
    assert work.program is not None
    return Judging(work.program, terms, work.spec.beside(work.program))


def worked(
    file: str,
    arch: str | None,
    design: str | None,
    choose: Sequence[str],
    through: tuple[Callable[[Work], Work], ...],
    terms: Terms = USUAL,
) -> Work:
    """A design of a file after some stages, the first among them. Raises :class:`SpecError`."""
    work = resolved(file, arch, design, choose, terms)
    if not work.failed:
        work = stages.run(work, through[1:])
    return _succeeded(work)


def resolved(
    file: str, arch: str | None, design: str | None, choose: Sequence[str], terms: Terms
) -> Work:
    """A spec with the design asked for, after the first stage."""
    given = design_from(design, choose, file)
    work = _work(file, arch, terms)
    work = work._replace(design=given, typed=frozenset(chosen(choose)))
    return stages.run(work, stages.STAGES[:1])


def _work(file: str, arch: str | None, terms: Terms) -> Work:
    source = source_of(file, terms.limits.source_bytes)
    return stages.Work(source, root_of(file), arch, terms=terms)


def told(work: Work) -> tuple[Diagnostic, ...]:
    """The findings of a command's work, with the ways out and the fixes that were tried."""
    from archdsl import api

    return api.told(work)


def _succeeded(work: Work) -> Work:
    if work.failed:
        raise Told(*told(work))
    return work


def code_of(findings: Sequence[Diagnostic]) -> int:
    """The exit code of a design's findings: 4 when it only misses what its spec requires."""
    codes = [found.code for found in findings if found.severity is Severity.ERROR]
    if not codes:
        return exits.CLEAN
    return exits.UNSATISFIABLE if only_misses(findings) else exits.of_codes(codes)


def code_without_design(examination: Examination) -> int:
    """The exit code where a spec has no design to give: 1 only for errors, as `check` has it."""
    wrong = any(found.severity is Severity.ERROR for found in examination.findings)
    return exits.ERRORS if wrong and not examination.unsatisfiable else exits.UNSATISFIABLE
