"""Pictures of specs: of a design, or of a space with its alternatives."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import stages
from archdsl.api import read, told
from archdsl.diagnostics import Severity, SpecError
from archdsl.evaluate.designs import Given, sampler, shown_path
from archdsl.evaluate.run import BoundMet
from archdsl.examine import Judging, examined
from archdsl.pictures.catalog import USUAL, find
from archdsl.pictures.making import picture_of
from archdsl.pictures.offered import evaluated
from archdsl.pictures.picture import By

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.api import AnySpec, Root
    from archdsl.diagnostics import Diagnostic
    from archdsl.evaluate.program import Evaluation
    from archdsl.rendering.pages import Section
    from archdsl.space.survey import Survey
    from archdsl.terms import Terms

TRIES = 30  # designs of a space that are tried, until one fits together


class Drawn(NamedTuple):
    """A picture as text, and the findings of what it is of."""

    text: str
    findings: tuple[Diagnostic, ...]


class View(NamedTuple):
    """How a picture is drawn: ``depth`` levels of boxes, or as many as are readable; ``every`` op
    and block by itself, where else alike blocks are drawn once, and small steps in the box before.
    ``notes`` are marked, too."""

    format: str = USUAL
    by: str = By.PARAMS.value
    depth: int | None = None
    every: bool = False
    notes: bool = False


def draw(
    spec: AnySpec,
    format: str = USUAL,
    *,
    by: str = "params",
    depth: int | None = None,
    every: bool = False,
    design: Mapping[str, Any] | None = None,
    run: str | os.PathLike[str] | None = None,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> str:
    """A picture of one architecture as text: ``svg``, ``mermaid``, ``dot``, or ``html``, a report
    on one page. Of a space without a ``design`` the alternatives are drawn.

    ``by`` tells what bars show: ``params``, ``macs`` or ``memory``. ``depth`` is how many levels of
    boxes are open, by default as many as are readable; blocks that are alike are drawn open once,
    and small steps in the box of the one before, unless ``every`` is asked for. ``run`` is the
    folder of a search, whose results the report shows. The other arguments are those of
    :func:`archdsl.compile`. Raises :class:`SpecError`, OSError, and ValueError for another format.
    """
    find(format)
    view = View(format, By(by).value, depth, every)
    work = read(spec, name, root, terms).work(arch, design)
    sections = [] if run is None else [searched(os.fspath(run))]
    return drawn(stages.run(work, stages.STAGES[:2]), view, sections).text


def searched(run: str, storage: str = "") -> Section:
    """What a search came to, as part of a report. Raises ImportError where what it takes is
    missing, and :class:`~archdsl.searching.troubles.SearchError`."""
    from archdsl.searching.results.gathering import results
    from archdsl.searching.results.plots.html import section

    found = results(run, storage=storage)
    found.refuse_unfinished()
    return section(found)


def drawn(work: stages.Work, view: View, sections: Sequence[Section] = ()) -> Drawn:
    """The picture of what two stages made of a spec. Raises :class:`SpecError`."""
    if work.failed or work.program is None or work.spec is None:
        raise SpecError(*told(work))
    space = None if work.design else _space(work)
    if space is None:
        return _of_design(work, view, sections)
    return _of_space(work, space, view, sections)


def _space(work: stages.Work) -> Evaluation | None:
    """A design of a space, with what it might be instead; None where nothing is chosen.

    Raises :class:`SpecError` where none was found that fits together.
    """
    fresh = stages.run(work._replace(spec=None, program=None), stages.STAGES[:2]).program
    assert fresh is not None
    bounds, first = work.terms.bounds, None
    choosers = [lambda path, point: point.at(0), *map(sampler, range(TRIES))]
    for chooser in choosers:
        try:
            found = evaluated(fresh, chooser, bounds)
        except BoundMet:
            raise
        except SpecError as error:
            first = first or error
            continue
        return found if found.asked else None
    if first is not None and work.program is not None and not _is_space(work):
        return None  # the usual way tells more of what is wrong
    assert first is not None
    raise first


def _is_space(work: stages.Work) -> bool:
    """Whether evaluating the first design meets a choice."""
    given = Given({})
    assert work.program is not None
    work.program.attempt(given, work.terms.bounds)
    return bool(given.missing)


def _of_design(work: stages.Work, view: View, sections: Sequence[Section]) -> Drawn:
    from archdsl.pictures.report import of_design

    work = stages.run(work, stages.STAGES[2:3])
    if work.failed or work.evaluation is None:
        raise SpecError(*told(work))
    findings = _shown(told(stages.check(work)), view)
    picture = picture_of(work.evaluation, (), findings, By(view.by), view.depth, view.every)
    form = find(view.format)
    if not form.needs_report:
        return Drawn(form.draw(picture), findings)
    report = of_design(work.evaluation, work.source.text, tuple(sections))
    return Drawn(form.draw(picture, report), findings)


def _of_space(
    work: stages.Work, design: Evaluation, view: View, sections: Sequence[Section]
) -> Drawn:
    from archdsl.pictures.report import of_space

    assert work.program is not None
    assert work.spec is not None
    judging = Judging(work.program, work.terms, work.spec.beside(work.program), quick=True)
    findings = _shown((*work.findings, *examined(judging).findings), view)
    clauses = work.program.open_clauses  # what is chosen in these changes no picture
    points = tuple(
        point.span
        for path, point, _ in design.asked
        if shown_path(path).partition(".")[0] not in clauses
    )
    picture = picture_of(design, points, findings, By(view.by), view.depth, view.every)
    form = find(view.format)
    if not form.needs_report:
        return Drawn(form.draw(picture), findings)
    report = of_space(_surveyed(judging), work.source.text, tuple(sections))
    return Drawn(form.draw(picture, report), findings)


def _surveyed(judging: Judging) -> Survey | None:
    """What is known of a space; None where that takes too much."""
    from archdsl.space.survey import survey

    try:
        return survey(judging.space)
    except SpecError:
        return None


def _shown(findings: Sequence[Diagnostic], view: View) -> tuple[Diagnostic, ...]:
    return tuple(f for f in findings if view.notes or f.severity is not Severity.NOTE)
