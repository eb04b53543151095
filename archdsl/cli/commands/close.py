"""archdsl close"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.inputs import STDIN
from archdsl.cli.options import one_arch, one_design, one_file, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.stages import Work
    from archdsl.terms import Terms


@click.command("close")
@one_file
@one_arch
@one_design
@click.option("-o", "--output", metavar="OUT.arch", help="The file to write; by default stdout.")
@click.option(
    "--tell",
    "metrics",
    multiple=True,
    metavar="METRIC",
    help="A metric for the first comment lines: params, latency(t4) (may be repeated).",
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
    output: str | None,
    metrics: tuple[str, ...],
    asked: Asked,
    within: Terms,
) -> int:
    """Write one design of a space as a spec of its own, without choices.

    It is the same network, with the same data, task and training, and needs no other file: blocks
    of files that the spec uses are written into it. Objectives and `search` are left out.
    """
    from archdsl import stages
    from archdsl.cli.outputs import refuse_over, write
    from archdsl.cli.specs import code_of, resolved, told
    from archdsl.closing.closed import closed_text, head_of

    if output == STDIN:
        output = None
    refuse_over(output, file, design)
    terms = asked.over(within, file)
    work = resolved(file, arch, design, choose, terms)
    if not work.failed:
        work = stages.run(work, stages.STAGES[1:4])
    findings = told(work)
    if work.failed or work.spec is None or work.program is None:
        console.report(console.brief(findings))
        return code_of(findings)
    numbers = _numbers(work, metrics)
    head = head_of(numbers)
    text = closed_text(work.spec, work.program, work.design, head, terms.bounds, terms.limits)
    if output is not None:
        write(Path(output), text)
        console.progress(f"wrote {visible(output)}")
    if output is None or console.is_json:
        console.result(text, _document(work, text, numbers))
    console.remark(console.brief(findings))
    return exits.CLEAN


def _numbers(work: Work, metrics: tuple[str, ...]) -> dict[str, Any]:
    """The metrics asked for, of the design. Raises :class:`SpecError` for what is none."""
    from archdsl.space.metrics import metric_of

    assert work.program is not None
    assert work.evaluation is not None
    graph, clauses = work.evaluation.graph, work.evaluation.clauses
    return {text: metric_of(text, work.program, clauses).of(graph) for text in metrics}


def _document(work: Work, text: str, numbers: dict[str, Any]) -> dict[str, Any]:
    from archdsl.evaluate.designs import design_of
    from archdsl.space.metrics import sort_key, unit_of

    assert work.program is not None
    assert work.evaluation is not None
    values = {
        name: {"value": sort_key(value), "unit": unit_of(value)} for name, value in numbers.items()
    }
    name, design = work.program.name, design_of(work.evaluation)
    return {"name": name, "design": design, "metrics": values, "spec": text}
