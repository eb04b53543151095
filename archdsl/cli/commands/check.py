"""archdsl check"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from archdsl.cli import exits
from archdsl.cli.arguments import Spec
from archdsl.cli.bounding import bounded
from archdsl.cli.fix_options import FixOptions, fix_options
from archdsl.cli.inputs import STDIN, root_of, source_of, specs_in
from archdsl.cli.options import reporting
from archdsl.cli.principled import Asked, principled
from archdsl.cli.refused import Refused, finding_of
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.api import Report
    from archdsl.cli.console import Console
    from archdsl.terms import Terms


@click.command("check")
@click.argument("paths", nargs=-1, metavar="PATHS...", type=Spec())
@click.option("--checklist", is_flag=True, help="Go through the eight points of a design.")
@click.option("--watch", is_flag=True, help="Check again whenever a spec changes.")
@principled
@bounded
@fix_options
@reporting
def command(
    console: Console,
    paths: tuple[str, ...],
    checklist: bool,
    watch: bool,
    asked: Asked,
    within: Terms,
    fixes: FixOptions,
) -> int:
    """Say everything that is wrong with specs, and which principles they break.

    PATHS are files, folders (all .arch files below them) or `-`; by default the current folder.
    """
    asking = _Asking(console, paths or (".",), checklist, asked, within, fixes)
    if not watch:
        return asking.code()
    from archdsl.cli.watching import refuse_unwatchable, watched

    refuse_unwatchable(console, asking.paths)
    return watched(console, asking.paths, asking.code, within)


class _Asking(NamedTuple):
    """What one call asks, which may be done again."""

    console: Console
    paths: tuple[str, ...]
    checklist: bool
    asked: Asked
    within: Terms
    fixes: FixOptions

    def code(self) -> int:
        """Checks all files and tells what is found; the exit code."""
        console, fixes = self.console, self.fixes
        refusals: list[Refused] = []
        files = specs_in(self.paths, refusals)
        _refuse_mixtures(console, files, self.checklist, fixes)
        done = []
        for path in files:
            try:
                done.append(_done(console, _input(path, self.asked, self.within), fixes))
            except Refused as refusal:
                refusals.append(refusal)
        if self.checklist:
            _go_through(console, done, refusals)
        if self.checklist and console.is_json:
            for one in refusals:
                one.show()
        else:
            _tell(console, [one.report for one in done], refusals, fixes)
        return exits.USAGE if refusals else _code(done, fixes)


def _refuse_mixtures(
    console: Console, files: list[str], checklist: bool, fixes: FixOptions
) -> None:
    """Stdout holds one thing: findings for programs, a diff, a fixed spec, or a checklist."""
    takers = {
        f"--format {console.format}": console.is_document and not (checklist and console.is_json),
        "--checklist": checklist,
        "--diff": fixes.only_diff,
        "fixing stdin": bool(fixes) and STDIN in files and not fixes.only_diff,
    }
    taking = [name for name, takes in takers.items() if takes]
    if len(taking) > 1:
        raise click.UsageError(f"{' and '.join(taking)} cannot both write to stdout")


def _code(done: list[_Done], fixes: FixOptions) -> int:
    reports = [one.report for one in done]
    if any(not report.ok and not report.unsatisfiable for report in reports):
        return exits.ERRORS
    if fixes.only_diff and any(one.changed for one in done):
        return exits.ERRORS
    return exits.CLEAN if all(report.ok for report in reports) else exits.UNSATISFIABLE


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


def _tell(
    console: Console, reports: list[Report], refusals: list[Refused], fixes: FixOptions
) -> None:
    findings = _once(found for report in reports for found in report.diagnostics)
    console.report(findings, refusals)
    if console.is_document:
        return
    if left := fixes.left(findings):
        console.progress(left)
    if reports and all(report.ok for report in reports):
        console.progress(f"{len(reports)} spec{'s' if len(reports) > 1 else ''} without errors")


def _go_through(console: Console, done: list[_Done], refusals: list[Refused]) -> None:
    """Print the checklist of each architecture, for programs with the findings."""
    from archdsl.cli.checklists import checklists, document, table

    found = [
        listed
        for one in done
        for listed in checklists(one.given.source, root_of(one.given.path), one.given.terms)
    ]
    findings = _once(found for one in done for found in one.report.diagnostics)
    findings += map(finding_of, refusals)
    several = len(done) > 1
    text = "\n\n".join(table(listed, several, console.columns) for listed in found)
    console.result(text, document(findings, found))


def _once(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each finding once, though several specs may use the file it is in; a fix is offered where
    the file itself is checked."""
    once: dict[tuple[str, str, str], Diagnostic] = {}
    for found in findings:
        name = found.code, str(found.span), found.message
        if name not in once or found.fix is not None:
            once[name] = found
    return list(once.values())


class _Done(NamedTuple):
    """A file as it is now, what there is to say about it, and whether fixes change it."""

    given: _Input
    report: Report
    changed: bool = False


def _done(console: Console, given: _Input, fixes: FixOptions) -> _Done:
    from archdsl import api

    path, source, terms, wrong = given
    if wrong:
        return _Done(given, api.Report(wrong))
    root = root_of(path)
    if fixes:
        report, text, changed = fixes.apply(console, path, source, root, terms)
        return _Done(given._replace(source=Source(text, source.name)), report, changed)
    return _Done(given, api.check(source.text, name=source.name, root=root, terms=terms))
