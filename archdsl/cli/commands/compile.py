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
        console.report(console.brief(work.findings))
        return code_of(work.findings)
    console.remark(console.brief(work.findings))
    if output in (None, "-"):
        console.result(work.text, _document(work))
        return exits.CLEAN
    state = _put(Path(str(output)), work.text, only_check, force)
    _say(console, Path(str(output)), state)
    if console.is_json:
        console.result("", {**_document(work), "file": output, "state": state})
    return exits.ERRORS if state in ("missing", "stale") else exits.CLEAN


def _say(console: Console, path: Path, state: str) -> None:
    if state != "unchanged":
        name = visible(str(path))
        console.progress(f"wrote {name}" if state == "written" else f"{name} is {state}")


def _put(path: Path, text: str, only_check: bool, force: bool) -> str:
    """Bring a file up to date unless told not to; what it is now."""
    from archdsl.cli.outputs import text_at, write
    from archdsl.emit.stamp import is_untouched

    old = text_at(path)
    if old == text:
        return "unchanged"
    if only_check:
        return "missing" if old is None else "stale"
    if old and not force and not is_untouched(old):
        raise Refused(f"{visible(str(path))} was edited by hand; --force overwrites it")
    write(path, text)
    return "written"


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
