"""archdsl suggest"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.inputs import design_from, root_of, source_of
from archdsl.cli.options import one_arch, one_design, one_file, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.cli.console import Console
    from archdsl.diagnostics import Diagnostic
    from archdsl.source import Source
    from archdsl.terms import Terms

Shown = dict[str, Any]  # a suggestion with its diff


@click.command("suggest")
@one_file
@one_arch
@one_design
@click.option(
    "-n", "number", type=click.IntRange(1), default=3, show_default=True, help="How many at most."
)
@principled
@bounded
@reporting
def command(
    console: Console,
    file: str,
    arch: str | None,
    design: str | None,
    choose: tuple[str, ...],
    number: int,
    asked: Asked,
    within: Terms,
) -> int:
    """Show what a rejected spec could be instead, as diffs, the nearest design first.

    Tries the fixes of errors, skips around what is repeated, and the largest widths, repeats and
    batch that pass; where nothing of that does, another model for the same data. For a design of a
    space (--design, --choose): other values of one choice. Whatever is shown was checked and
    passes. Of several architectures, each that is rejected gets its own. Exits with 1 when nothing
    is found.
    """
    terms = asked.over(within, file)
    chosen = design_from(design, choose)
    if chosen:
        found = _of_design(file, arch, chosen, number, terms)
    else:
        source = source_of(file, within.limits.source_bytes)
        found = _of_text(source, arch, root_of(file), number, terms)
    if found.passes:
        console.progress("nothing to suggest: it passes as it is")
    elif not found.shown:
        console.report(found.findings)
    if found.remark:
        console.progress(found.remark)
    if found.shown or (found.passes and console.is_json):
        console.result("\n".join(map(_shown, found.shown)), found.shown)
    return exits.CLEAN if found.passes or found.shown else exits.ERRORS


class _Found(NamedTuple):
    """What to suggest, or why there is nothing to."""

    shown: list[Shown]
    passes: bool = False
    findings: tuple[Diagnostic, ...] = ()
    remark: str = ""


PASSES = _Found([], passes=True)
STOPPED = "the search was stopped before all was tried"
NOTHING = "nothing near it passes; `archdsl new` writes a design for data that it is told of"
UNREAD = "no fix mends it; put right what is said above, then ask again"


def _of_text(
    source: Source, arch: str | None, root: Path | None, number: int, terms: Terms
) -> _Found:
    """Other texts of the spec."""
    from archdsl import api
    from archdsl.cli.diffs import diff
    from archdsl.suggesting.search import Searching, rejected

    names = rejected(source, arch, root, terms)
    if not names:
        return PASSES
    shown, stopped, unread = list[Shown](), False, False
    for name in names:
        searching = Searching(source, name, root, terms)
        for found in searching.suggestions()[:number]:
            lines = diff(source.name, source.text, found.text)
            shown.append({"arch": name, **found._asdict(), "diff": lines})
        stopped |= searching.stopped
        unread |= not searching.is_read
    if shown:
        return _Found(shown, remark=STOPPED if stopped else "")
    report = api.check(source.text, name=source.name, root=root, terms=terms)
    remark = UNREAD if unread else STOPPED if stopped else NOTHING
    return _Found([], findings=report.diagnostics, remark=remark)


def _of_design(
    file: str, arch: str | None, design: dict[str, Any], number: int, terms: Terms
) -> _Found:
    """Other designs of the space."""
    from archdsl.cli.diffs import diff
    from archdsl.cli.specs import judging_of
    from archdsl.suggesting.choices import neighbours, refusal

    judging = judging_of(file, arch, terms)
    found = neighbours(judging, design)
    if found is None:
        return PASSES
    old = json.dumps(design, indent=2)
    shown = [
        {
            "arch": judging.program.name,
            **one._asdict(),
            "diff": diff("design", f"{old}\n", f"{json.dumps(one.design, indent=2)}\n"),
        }
        for one in found[:number]
    ]
    remark = "" if shown else "no other value of one choice alone makes it pass"
    return _Found(shown, findings=refusal(judging, design), remark=remark)


def _shown(suggestion: Shown) -> str:
    from archdsl.cli.console import is_terminal
    from archdsl.cli.diffs import harmless

    title = f"{suggestion['arch']}: {suggestion['title']} ({suggestion['params']:,} parameters)"
    diff = suggestion["diff"]
    return f"# {visible(title)}\n{harmless(diff) if is_terminal(sys.stdout) else diff}"
