"""archdsl space"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_file, reporting
from archdsl.cli.specs import code_without_design, judgings_of

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.terms import Terms


@click.command("space")
@one_file
@one_arch
@click.option(
    "--by", "metrics", multiple=True, metavar="METRIC", help="Only this metric (may be repeated)."
)
@bounded
@reporting
def command(
    console: Console, file: str, arch: str | None, metrics: tuple[str, ...], within: Terms
) -> int:
    """Show a space on one page: how many designs, what they cost, and each choice.

    All of it is proven, but for what is said not to be. Of each metric the least and the largest
    value of a valid design; of each choice the share of the valid designs that have each option.
    """
    from archdsl.cli.metrics import refuse_no_metric
    from archdsl.cli.spaces import document, page
    from archdsl.examine import examined
    from archdsl.space.findings import none_is_valid
    from archdsl.space.space import FEW_STATES, Space
    from archdsl.space.survey import survey

    judgings = judgings_of(file, arch, within)
    spaces = [Space(one.program, within.bounds, states=FEW_STATES) for one in judgings]
    for space in spaces:
        refuse_no_metric(metrics, space.program)
    found = [survey(space, metrics) for space in spaces]
    text = "\n\n".join(page(one) for one in found if one.fitting)
    if text or console.is_json:
        console.result(text, [document(one) for one in found])
    empty = [space for space, one in zip(spaces, found, strict=True) if not one.valid]
    console.remark([none_is_valid(space) for space in empty])
    if any(one.valid for one in found):
        return exits.CLEAN
    return min(code_without_design(examined(judging)) for judging in judgings)
