"""archdsl best"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_file, reporting
from archdsl.cli.specs import code_without_design, judging_of

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.examine import Judging
    from archdsl.space.design_sets import Extreme
    from archdsl.terms import Terms


@click.command("best")
@one_file
@one_arch
@click.option(
    "--by", "metric", required=True, metavar="METRIC", help="For instance params, latency(t4)."
)
@click.option(
    "-n", "number", type=click.IntRange(1), default=1, show_default=True, help="How many."
)
@click.option("--largest", is_flag=True, help="Those that have most of it, instead of least.")
@bounded
@reporting
def command(
    console: Console,
    file: str,
    arch: str | None,
    metric: str,
    number: int,
    largest: bool,
    within: Terms,
) -> int:
    """Print the valid designs with the least of a metric, in order: proven, none is missing.

    Each line has the value and the design, as `archdsl compile --design` takes it.
    """
    from archdsl.cli.metrics import refuse_no_metric
    from archdsl.space.space import Space

    judging = judging_of(file, arch, within)
    refuse_no_metric([metric], judging.program)
    space = Space(judging.program, within.bounds)
    found = list(islice(space.best(metric, largest), number))
    if not found:
        return _none(console, judging)
    console.result("\n".join(map(_line, found)), [_document(one) for one in found])
    if len(found) < number:
        more = f"there are no more than these {len(found)}" if len(found) > 1 else "that is all"
        console.progress(more)
    return exits.CLEAN


def _line(one: Extreme) -> str:
    from archdsl.evaluate.designs import dumps
    from archdsl.limits.telling import shown

    return f"{shown(one.value)}  {dumps(one.design)}"


def _document(one: Extreme) -> dict[str, Any]:
    from archdsl.space.metrics import sort_key, unit_of

    return {"value": sort_key(one.value), "unit": unit_of(one.value), "design": one.design}


def _none(console: Console, judging: Judging) -> int:
    from archdsl.examine import examined
    from archdsl.space.findings import none_is_valid

    console.report([none_is_valid(judging.space)])
    return code_without_design(examined(judging))
