"""archdsl suggest"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.inputs import design_from, root_of, source_of
from archdsl.cli.options import one_arch, one_design, one_file, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.source import Source
    from archdsl.suggesting.suggested import Suggested
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

    Tries the fixes of errors, skips around what is repeated, attention in windows where it reads
    too many tokens, wider layers where they are too narrow, and the largest widths, repeats, heads
    and batch that pass; heads of attention are never made narrower. Where nothing of that passes,
    another model for the same data. For a design of a space (--design, --choose): other values of
    one choice. Whatever is shown was checked and passes. Of several architectures, each that is
    rejected gets its own. Where nothing is found, the exit code is that of `check`.
    """
    from archdsl.suggesting.suggested import suggest

    terms = asked.over(within, file)
    chosen = design_from(design, choose, file)
    source = source_of(file, within.limits.source_bytes)
    found = suggest(
        source.text,
        number,
        arch=arch,
        design=chosen,
        name=source.name,
        root=root_of(file),
        terms=terms,
    )
    shown = _documents(found, source, chosen)
    if found.passes:
        console.progress("nothing to suggest: it passes as it is")
    elif not shown:
        console.report(found.report.diagnostics)
    if remark := _remark(found, bool(chosen)):
        console.progress(remark)
    if shown or (found.passes and console.is_json):
        console.result("\n".join(map(_shown, shown)), shown)
    return exits.CLEAN if found.passes or shown else _code(found, bool(chosen))


def _code(found: Suggested, of_design: bool) -> int:
    """The exit code where nothing is found: that of `check`."""
    from archdsl.cli.specs import code_of

    if of_design:
        return code_of(found.report.diagnostics)
    return exits.UNSATISFIABLE if found.report.unsatisfiable else exits.ERRORS


STOPPED = "the search was stopped before all was tried"
NOTHING = "nothing near it passes; `archdsl new` writes a design for data that it is told of"
UNREAD = "no fix mends it; put right what is said above, then ask again"
NO_OTHER = "no other value of one choice alone makes it pass"


def _remark(found: Suggested, of_design: bool) -> str:
    """What there is to say besides the suggestions, or instead of them."""
    if found.suggestions:
        return STOPPED if found.stopped else ""
    if found.passes or of_design:
        return "" if found.passes else NO_OTHER
    return UNREAD if not found.is_read else STOPPED if found.stopped else NOTHING


def _documents(found: Suggested, source: Source, design: dict[str, Any]) -> list[Shown]:
    """Each suggestion as data, with what changes as a diff."""
    from archdsl.cli.diffs import diff
    from archdsl.suggesting.search import Suggestion

    return [
        {
            **one._asdict(),
            "diff": diff(source.name, source.text, one.text)
            if isinstance(one, Suggestion)
            else diff("design", _lines(design), _lines(one.design)),
        }
        for one in found.suggestions
    ]


def _lines(design: dict[str, Any]) -> str:
    return f"{json.dumps(design, indent=2)}\n"


def _shown(suggestion: Shown) -> str:
    from archdsl.cli.console import is_terminal
    from archdsl.cli.diffs import harmless

    title = f"{suggestion['arch']}: {suggestion['title']} ({suggestion['params']:,} parameters)"
    diff = suggestion["diff"]
    return f"# {visible(title)}\n{harmless(diff) if is_terminal(sys.stdout) else diff}"
