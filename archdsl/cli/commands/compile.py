"""archdsl compile"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_design, one_file, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.cli.refused import Refused
from archdsl.cost.counts import macs, params
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.stages import Work
    from archdsl.terms import Terms


@click.command("compile")
@one_file
@one_arch
@one_design
@click.option("-o", "--output", metavar="OUT.py", help="The file to write; by default stdout.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if OUT is stale.")
@click.option("--force", is_flag=True, help="Overwrite OUT even where it was edited by hand.")
@principled
@bounded
@reporting
def command(
    console: Console,
    file: str,
    arch: str | None,
    design: str | None,
    choose: tuple[str, ...],
    output: str | None,
    only_check: bool,
    force: bool,
    asked: Asked,
    within: Terms,
) -> int:
    """Write one design as a PyTorch module that needs nothing of archdsl."""
    from archdsl import stages
    from archdsl.cli.outputs import refuse_over
    from archdsl.cli.specs import code_of, worked

    if only_check and output in (None, "-"):
        raise click.UsageError("--check compares with the file of -o OUT.py, which is missing")
    refuse_over(output, file, design)
    terms = asked.over(within, file)
    work = worked(file, arch, design, choose, stages.STAGES, fail=False, terms=terms)
    if work.failed:
        console.report(work.findings)
        return code_of(work.findings)
    console.remark(work.findings)
    if output in (None, "-"):
        console.result(work.text, _document(work))
        return exits.CLEAN
    return _put(console, Path(str(output)), work.text, only_check, force)


def _put(console: Console, path: Path, text: str, only_check: bool, force: bool) -> int:
    """Bring a file up to date, or say that it is not."""
    from archdsl.cli.outputs import text_at, write
    from archdsl.emit.stamp import is_untouched

    old = text_at(path)
    if old == text:
        return exits.CLEAN
    name = visible(str(path))
    if only_check:
        console.progress(f"{name} is {'missing' if old is None else 'stale'}")
        return exits.ERRORS
    if old and not force and not is_untouched(old):
        raise Refused(f"{name} was edited by hand; --force overwrites it")
    write(path, text)
    console.progress(f"wrote {name}")
    return exits.CLEAN


def _document(work: Work) -> dict[str, Any]:
    from archdsl.evaluate.designs import design_of
    from archdsl.types import shape

    assert work.evaluation is not None
    graph = work.evaluation.graph
    return {
        "name": graph.name,
        "design": design_of(work.evaluation),
        "params": params(graph),
        "macs": macs(graph),
        "input": shape(graph.model.takes),
        "output": shape(graph.model.out),
        "source": work.text,
    }
