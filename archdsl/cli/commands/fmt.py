"""archdsl fmt"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.arguments import Spec
from archdsl.cli.bounding import bounded
from archdsl.cli.inputs import STDIN, source_of, specs_in
from archdsl.cli.options import reporting
from archdsl.cli.refused import Refused
from archdsl.cli.zoo import refuse_writing
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.syntax.bounds import Limits
    from archdsl.terms import Terms


@click.command("fmt")
@click.argument("paths", nargs=-1, metavar="PATHS...", type=Spec())
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if it would.")
@click.option("--diff", "only_diff", is_flag=True, help="Write nothing; show what would change.")
@bounded
@reporting
def command(
    console: Console,
    paths: tuple[str, ...],
    only_check: bool,
    only_diff: bool,
    within: Terms,
) -> int:
    """Bring specs into the canonical layout, comments kept.

    PATHS are files, folders or `-` (stdin to stdout); by default the current folder.
    """
    findings: list[Diagnostic] = []
    refusals: list[Refused] = []
    files = specs_in(paths or (".",), refusals)
    if console.is_document and (only_diff or (STDIN in files and not only_check)):
        what = "--diff" if only_diff else "a formatted spec"
        raise click.UsageError(f"--format {console.format} and {what} cannot both write to stdout")
    changed = 0
    for path in files:
        try:
            changed += _format(console, path, only_check, only_diff, within.limits)
        except SpecError as error:
            findings.extend(error.diagnostics)
        except Refused as refusal:
            refusals.append(refusal)
    console.report(findings, refusals)
    if refusals:
        return exits.USAGE
    would_change = changed and (only_check or only_diff)
    return exits.ERRORS if findings or would_change else exits.CLEAN


def _format(console: Console, path: str, only_check: bool, only_diff: bool, limits: Limits) -> bool:
    """Format one file; whether it was not in canonical layout."""
    from archdsl.cli.diffs import diff
    from archdsl.syntax.format import format_source
    from archdsl.syntax.parser import parse

    source = source_of(path, limits.source_bytes)
    parse(source, limits)  # its findings name the file
    text = format_source(source.text, limits)
    changed = text != source.text
    if only_diff and changed:
        console.patch(diff(source.name, source.text, text))
    elif only_check and changed:
        console.progress(f"would change {visible(source.name)}")
    elif path == STDIN and not (only_check or only_diff):
        console.spec(text)
    elif changed:
        _write(console, path, text)
    return changed


def _write(console: Console, path: str, text: str) -> None:
    from archdsl.cli.outputs import write

    refuse_writing(path)
    write(Path(path), text)
    console.progress(f"changed {visible(path)}")
