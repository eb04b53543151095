"""archdsl suggest"""

from __future__ import annotations

import json
import re
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

    Tries the fixes there are, skips around what is repeated, and the largest widths, repeats and
    batch that pass; for a design of a space (--design, --choose), other values of one choice.
    Whatever is shown was checked and passes. Exits with 1 when nothing is found.
    """
    terms = asked.over(within, file)
    chosen = design_from(design, choose)
    if chosen:
        found = _designs(file, arch, chosen, terms)
    else:
        found = _texts(source_of(file, within.limits.source_bytes), arch, file, terms)
    if found is None:
        console.progress("nothing to suggest: it passes as it is")
        return exits.CLEAN
    if not found:
        console.progress("nothing near it passes; `archdsl new` writes a design for such data")
        return exits.ERRORS
    console.result("\n".join(map(_shown, found[:number])), found[:number])
    return exits.CLEAN


def _texts(source: Source, arch: str | None, file: str, terms: Terms) -> list[Shown] | None:
    """Other texts of the spec; None when it passes as it is."""
    from archdsl import api
    from archdsl.cli.diffs import diff
    from archdsl.suggesting.search import Searching

    root = root_of(file)
    if api.check(source.text, name=source.name, root=root, terms=terms).ok:
        return None
    names = [arch] if arch else _architectures(source)
    found = [s for name in names for s in Searching(source, name, root, terms).suggestions()]
    return [{**s._asdict(), "diff": diff(source.name, source.text, s.text)} for s in found]


def _architectures(source: Source) -> list[str]:
    """The names of a file's architectures, in order."""
    return re.findall(r"^\s*arch\s+(\w+)", source.text, flags=re.MULTILINE) or [""]


def _designs(
    file: str, arch: str | None, design: dict[str, Any], terms: Terms
) -> list[Shown] | None:
    """Other designs of the space; None when the one given passes."""
    from archdsl.cli.diffs import diff
    from archdsl.cli.specs import judging_of
    from archdsl.suggesting.choices import neighbours

    found = neighbours(judging_of(file, arch, terms), design)
    if found is None:
        return None
    old = json.dumps(design, indent=2)
    return [
        {**one._asdict(), "diff": diff("design", old, json.dumps(one.design, indent=2))}
        for one in found
    ]


def _shown(suggestion: Shown) -> str:
    title = f"{visible(suggestion['title'])} ({suggestion['params']:,} parameters)"
    return f"# {title}\n{suggestion['diff']}"
