"""archdsl count"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_file, reporting
from archdsl.cli.specs import programs_of

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.terms import Terms


@click.command("count")
@one_file
@one_arch
@bounded
@reporting
def command(console: Console, file: str, arch: str | None, within: Terms) -> int:
    """Print the exact number of designs of a space (1 for a spec without choices).

    Designs whose shapes do not fit together are not counted; what the spec requires is not asked.
    """
    from archdsl.space.count import count

    programs = programs_of(file, arch, within)
    counts = {program.name: count(program, within.bounds) for program in programs}
    names = [f"{name} {number}" for name, number in counts.items()]
    text = "\n".join(names) if len(counts) > 1 else str(*counts.values())
    console.result(text, counts)
    return exits.CLEAN
