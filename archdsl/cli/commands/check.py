"""archdsl check"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.inputs import root_of, source_of, specs_in
from archdsl.cli.mending import Mending, mending
from archdsl.cli.options import reporting
from archdsl.cli.principled import Asked, principled
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.api import Report
    from archdsl.cli.console import Console
    from archdsl.terms import Terms


@click.command("check")
@click.argument("paths", nargs=-1, metavar="PATHS...")
@click.option("--checklist", is_flag=True, help="Go through the eight points of a design.")
@principled
@bounded
@mending
@reporting
def command(
    console: Console,
    paths: tuple[str, ...],
    checklist: bool,
    asked: Asked,
    within: Terms,
    mending: Mending,
) -> int:
    """Say everything that is wrong with specs, and which principles they break.

    PATHS are files, folders (all .arch files below them) or `-`; by default the current folder.
    """
    inputs = [_input(path, asked, within) for path in specs_in(paths or (".",))]
    reports = [_report(console, given, mending) for given in inputs]
    if checklist:
        _go_through(console, inputs)
    if not (checklist and console.is_json):
        _tell(console, reports)
    if all(report.ok for report in reports):
        return exits.CLEAN
    wrong = any(not report.ok and not report.unsatisfiable for report in reports)
    return exits.ERRORS if wrong else exits.UNSATISFIABLE


class _Input(NamedTuple):
    """A file read, or why it was not."""

    path: str
    source: Source
    terms: Terms
    wrong: tuple[Diagnostic, ...] = ()


def _input(path: str, asked: Asked, within: Terms) -> _Input:
    try:
        source = source_of(path, within.limits.source_bytes)
        return _Input(path, source, asked.over(within, path))
    except SpecError as error:
        return _Input(path, Source("", path), within, error.diagnostics)


def _tell(console: Console, reports: list[Report]) -> None:
    console.report(_once(found for report in reports for found in report.diagnostics))
    if all(report.ok for report in reports) and not console.is_document:
        console.progress(f"{len(reports)} spec{'s' if len(reports) > 1 else ''} without errors")


def _go_through(console: Console, inputs: list[_Input]) -> None:
    """Print the checklist of each architecture."""
    from archdsl.cli.checklists import checklists, document, table

    found = {
        name: answers
        for given in inputs
        for name, answers in checklists(given.source, root_of(given.path), given.terms).items()
    }
    text = "\n\n".join(table(name, answers) for name, answers in found.items())
    console.result(text, {name: document(answers) for name, answers in found.items()})


def _once(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each finding once, though several specs may use the file it is in."""
    return list({(f.code, str(f.span), f.message): f for f in findings}.values())


def _report(console: Console, given: _Input, mending: Mending) -> Report:
    from archdsl import api

    path, source, terms, wrong = given
    if wrong:
        return api.Report(wrong)
    if mending:
        return mending.mend(console, path, source, root_of(path), terms)
    return api.check(source.text, name=source.name, root=root_of(path), terms=terms)
