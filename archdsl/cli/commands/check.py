"""archdsl check"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.inputs import root_of, source_of, specs_in
from archdsl.cli.mending import Mending, mending
from archdsl.cli.options import reporting
from archdsl.cli.principled import Asked, principled
from archdsl.diagnostics import Diagnostic, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.api import Report
    from archdsl.cli.console import Console
    from archdsl.terms import Terms


@click.command("check")
@click.argument("paths", nargs=-1, metavar="PATHS...")
@principled
@bounded
@mending
@reporting
def command(
    console: Console, paths: tuple[str, ...], asked: Asked, within: Terms, mending: Mending
) -> int:
    """Say everything that is wrong with specs, and which principles they break.

    PATHS are files, folders (all .arch files below them) or `-`; by default the current folder.
    """
    reports = [_report(console, path, asked, within, mending) for path in specs_in(paths or (".",))]
    console.report(_once(found for report in reports for found in report.diagnostics))
    if all(report.ok for report in reports):
        if not console.is_json:
            console.progress(f"{len(reports)} spec{'s' if len(reports) > 1 else ''} without errors")
        return exits.CLEAN
    wrong = any(not report.ok and not report.unsatisfiable for report in reports)
    return exits.ERRORS if wrong else exits.UNSATISFIABLE


def _once(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each finding once, though several specs may use the file it is in."""
    return list({(f.code, str(f.span), f.message): f for f in findings}.values())


def _report(console: Console, path: str, asked: Asked, within: Terms, mending: Mending) -> Report:
    from archdsl import api

    try:
        source = source_of(path, within.limits.source_bytes)
        terms = asked.over(within, path)
    except SpecError as error:
        return api.Report(error.diagnostics)
    if mending:
        return mending.mend(console, path, source, root_of(path), terms)
    return api.check(source.text, name=source.name, root=root_of(path), terms=terms)
