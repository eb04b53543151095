"""archdsl count"""

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


@click.command("count")
@one_file
@one_arch
@click.option("--valid", is_flag=True, help="Only those that meet every `require`, too.")
@bounded
@reporting
def command(console: Console, file: str, arch: str | None, valid: bool, within: Terms) -> int:
    """Print the exact number of designs of a space (1 for a spec without choices).

    Counted are designs that fit together and do the task. Where a space takes too much to be
    counted exactly, the number is a bound, and is said to be one.
    """
    from archdsl.examine import examined
    from archdsl.space.counting import counted

    judgings = judgings_of(file, arch, within)
    counts = {j.program.name: counted(j.program, valid, within.bounds) for j in judgings}
    for count in counts.values():
        console.remark(count.remarks)
    names = [f"{name} {count}" for name, count in counts.items()]
    text = "\n".join(names) if len(counts) > 1 else str(*counts.values())
    console.result(text, {name: count.document() for name, count in counts.items()})
    if not all(count.is_none for count in counts.values()):
        return exits.CLEAN
    return min(code_without_design(examined(judging)) for judging in judgings)
