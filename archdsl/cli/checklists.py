"""The checklists of a file's architectures, as ``archdsl check --checklist`` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl import stages
from archdsl.diagnostics import SpecError
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archdsl.design.program import Evaluation, Program
    from archdsl.rules.checklist import Answer
    from archdsl.source import Source
    from archdsl.terms import Terms


def checklists(source: Source, root: Path | None, terms: Terms) -> dict[str, list[Answer]]:
    """The eight answers of each architecture that has a design; none for a file in error.

    For a space the findings are those of all designs looked at, the numbers of the first.
    """
    work = stages.run(stages.Work(source, root, terms=terms), stages.STAGES[:1])
    if work.spec is None:
        return {}
    programs = work.spec.programs.values()
    answered = ((p.name, _answers(p, work.spec.beside(p), terms)) for p in programs)
    return {name: answers for name, answers in answered if answers}


def _answers(program: Program, siblings: tuple[Program, ...], terms: Terms) -> list[Answer]:
    from archdsl.examine import examine
    from archdsl.rules.case import Case
    from archdsl.rules.checklist import checklist

    design = next(_designs(program, terms), None)
    if design is None:
        return []
    case = Case(program, design, program.devices, siblings)
    return checklist(case, examine(program, terms, siblings).findings)


def _designs(program: Program, terms: Terms) -> Iterator[Evaluation]:
    from archdsl.space.trying import tried

    try:
        trials = tried(program, terms.bounds).trials
    except SpecError:
        return
    for trial in trials:
        if not isinstance(trial.outcome, SpecError):
            yield trial.outcome


def table(name: str, answers: list[Answer]) -> str:
    """A checklist as people read it."""
    size = max(len(answer.title) for answer in answers)
    wide = max(len(answer.answer) for answer in answers)
    lines = [
        f"{answer.point}  {answer.title:<{size}}  {answer.answer:<{wide}}  {_told(answer)}"
        for answer in answers
    ]
    return "\n".join([visible(name), *lines])


def _told(answer: Answer) -> str:
    told = [visible(answer.number)]
    if answer.codes:
        told.append(f"see {', '.join(answer.codes)}")
    if answer.allowed:
        told.append(f"{', '.join(answer.allowed)} allowed")
    return "; ".join(told)


def document(answers: list[Answer]) -> list[dict[str, Any]]:
    """A checklist as programs read it."""
    return [answer._asdict() for answer in answers]
