"""archdsl show"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_design, one_file, reporting
from archdsl.cli.principled import Asked, principled

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.terms import Terms


@click.command("show")
@one_file
@one_arch
@one_design
@click.option(
    "--depth",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Levels shown: 1 is the model's lines, more is what is inside them.",
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
    depth: int,
    asked: Asked,
    within: Terms,
) -> int:
    """Print a table of the layers: output shape, parameters, MACs and their share."""
    from archdsl import stages
    from archdsl.cli.layers import table
    from archdsl.cli.specs import code_of, told, worked
    from archdsl.cost.rows import layer_table
    from archdsl.spec.train import rank_of

    work = worked(file, arch, design, choose, stages.STAGES[:3], terms=asked.over(within, file))
    assert work.evaluation is not None
    graph = work.evaluation.graph
    shown = layer_table(graph, depth, rank_of(work.evaluation.clauses.train))
    findings = console.brief(told(stages.check(work)))
    code = code_of(findings)
    if code == exits.CLEAN or not console.is_json:
        console.result(table(shown, console.columns), shown.document())
    (console.report if code else console.remark)(findings)
    return code
