"""archdsl draw"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_design, one_file, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.pictures import catalog
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.rendering.pages import Section
    from archdsl.terms import Terms


@click.command("draw")
@one_file
@one_arch
@one_design
@click.option(
    "--as",
    "form",
    type=click.Choice(catalog.words()),
    default=None,
    help="What it is written as; by default what OUT ends in, else svg.",
)
@click.option("-o", "--output", metavar="OUT", help="The file to write; by default stdout.")
@click.option(
    "--by",
    type=click.Choice(("params", "macs", "memory")),
    default="params",
    show_default=True,
    help="What bars show.",
)
@click.option(
    "--depth",
    type=click.IntRange(1),
    help="Levels of boxes that are open; by default as many as are readable.",
)
@click.option("--every", is_flag=True, help="Draw every op and every block by itself.")
@click.option("--run", metavar="RUN", help="With --as html: what a search came to, of its folder.")
@click.option("--storage", metavar="URL", default="", help="The database of RUN.")
@principled
@bounded
@reporting
def command(
    console: Console,
    file: str,
    arch: str | None,
    design: str | None,
    choose: tuple[str, ...],
    form: str | None,
    output: str | None,
    by: str,
    depth: int | None,
    every: bool,
    run: str | None,
    storage: str,
    asked: Asked,
    within: Terms,
) -> int:
    """Draw a picture: blocks as boxes in boxes, sizes on the edges.

    Copies are drawn once, with their number, and blocks that are alike are open once; bars tell
    where the parameters are. Of a space the alternatives are drawn, unless --design says which.
    Findings are marked where they are.

    --as html writes a report on one page, which loads nothing: the picture, the findings, costs and
    layers, or the page of the space, and what a search came to (--run).
    """
    from archdsl import stages
    from archdsl.cli.outputs import refuse_over, write
    from archdsl.cli.specs import code_of, resolved
    from archdsl.drawing import View, drawn

    form = form or _form_of(output)
    if run is not None and form != "html":
        raise click.UsageError("--run is for a report: --as html")
    if output is not None and output != "-":
        refuse_over(output, file, design)
    work = resolved(file, arch, design, choose, asked.over(within, file))
    if not work.failed:
        work = stages.run(work, stages.STAGES[1:2])
    sections = [_searched(run, storage)] if run is not None else []
    picture = drawn(work, View(form, by, depth, every, console.verbose), sections)
    code = code_of(picture.findings)
    told = {"as": form, "picture": picture.text}
    if output is not None and output != "-":
        write(Path(output), picture.text)
        console.progress(f"wrote {visible(output)}")
        told = {"as": form, "file": output}
    if code == exits.CLEAN or not console.is_json:
        console.result(told.get("picture", ""), told)
    (console.report if code else console.remark)(picture.findings)
    return code


def _form_of(output: str | None) -> str:
    """The format that the name of a file asks for."""
    suffix = Path(output).suffix if output else ""
    known = {catalog.find(word).suffix: word for word in catalog.words()}
    return known.get(suffix, catalog.USUAL)


def _searched(run: str, storage: str) -> Section:
    """What a search came to, as part of a page."""
    from archdsl.cli.live import live
    from archdsl.drawing import searched

    with live("results"):
        return searched(run, storage)
