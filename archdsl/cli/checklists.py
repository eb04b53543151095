"""The checklists of a file's architectures, as ``archdsl check --checklist`` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import stages
from archdsl.diagnostics import Severity, SpecError
from archdsl.rendering.escape import visible
from archdsl.rendering.fitting import beside
from archdsl.rules.checklist import FAIL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from archdsl.diagnostics import Diagnostic
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.rules.checklist import Answer
    from archdsl.source import Source
    from archdsl.terms import Terms


class Listed(NamedTuple):
    """The checklist of one architecture."""

    file: str
    arch: str
    answers: list[Answer]
    is_space: bool = False


def checklists(source: Source, root: Path | None, terms: Terms) -> list[Listed]:
    """The eight answers of each architecture that has a design; none for a file in error.

    For a space the findings are those of all designs looked at, the numbers of the first.
    """
    work = stages.run(stages.Work(source, root, terms=terms), stages.STAGES[:1])
    if work.spec is None:
        return []
    programs = work.spec.programs.values()
    found = (_listed(source.name, p, work.spec.beside(p), terms) for p in programs)
    return [listed for listed in found if listed is not None]


def _listed(
    file: str, program: Program, siblings: tuple[Program, ...], terms: Terms
) -> Listed | None:
    from archdsl.examine import examine
    from archdsl.rules.case import Case
    from archdsl.rules.checklist import checklist

    design = next(_designs(program, terms), None)
    if design is None:
        return None
    case = Case(program, design, siblings)
    answers = checklist(case, examine(program, terms, siblings).findings)
    return Listed(file, program.name, answers, bool(design.asked))


def _designs(program: Program, terms: Terms) -> Iterator[Evaluation]:
    from archdsl.space.space import Space
    from archdsl.space.trying import only_design, tried

    try:
        only = only_design(program, terms.bounds)
        space = Space(program, terms.bounds)
        trials = [only] if only else tried(program, terms.bounds, space).trials
    except SpecError:
        return
    for trial in trials:
        if not isinstance(trial.outcome, SpecError):
            yield trial.outcome


def table(listed: Listed, several: bool, columns: int | None) -> str:
    """A checklist as people read it, under its file's name when there are several."""
    rows = [(str(one.point), one.title, _verdict(one), _told(one)) for one in listed.answers]
    lines = beside(rows, columns)
    head = f"{listed.file}: {listed.arch}" if several else listed.arch
    head += " (a space: the numbers are of its first design)" if listed.is_space else ""
    return "\n".join([visible(head), *lines])


def _verdict(answer: Answer) -> str:
    """A point that passes with a warning is not shown as one where all is well."""
    if answer.answer == FAIL:
        return answer.answer
    return answer.worst if answer.worst == Severity.WARNING.value else answer.answer


def _told(answer: Answer) -> str:
    told = [visible(answer.number)]
    if answer.codes:
        told.append(f"see {', '.join(answer.codes)}")
    if answer.allowed:
        told.append(f"{', '.join(answer.allowed)} allowed")
    if answer.run:
        told.append(
            f"{'' if answer.answer == FAIL else 'to measure it, '}run `{visible(answer.run)}`"
        )
    return "; ".join(told)


def document(findings: Sequence[Diagnostic], found: list[Listed]) -> dict[str, Any]:
    """Checklists with the findings as programs read them."""
    from archdsl.rendering.formats.json import as_object

    lists = [
        {
            "file": listed.file,
            "arch": listed.arch,
            "points": [answer._asdict() for answer in listed.answers],
        }
        for listed in found
    ]
    return {"diagnostics": [as_object(finding) for finding in findings], "checklists": lists}
