"""archdsl sample"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_file, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.cli.specs import judging_of

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.examine import Judging
    from archdsl.sampling import SoundDesign
    from archdsl.terms import Terms


@click.command("sample")
@one_file
@one_arch
@click.option(
    "-n", "number", type=click.IntRange(1), default=1, show_default=True, help="How many."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Same designs.")
@click.option(
    "--start",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Go on at this position of the order, as an earlier call told.",
)
@principled
@bounded
@reporting
def command(
    console: Console,
    file: str,
    arch: str | None,
    number: int,
    seed: int,
    start: int,
    asked: Asked,
    within: Terms,
) -> int:
    """Print sound designs drawn at random, one JSON object a line.

    Each valid design is as likely as any other and comes once; those that break a principle are
    drawn again. A space with fewer designs prints all it has.
    """
    from archdsl.evaluate.designs import dumps
    from archdsl.sampling import sound_designs

    judging = judging_of(file, arch, asked.over(within, file))
    last: SoundDesign | None = None
    found = 0
    for last in islice(sound_designs(judging, seed, start), number):
        click.echo(dumps(last.design))
        found += 1
    if last is None:
        return _none(console, judging, start)
    _tell(console, last, found, number)
    return exits.CLEAN


def _tell(console: Console, last: SoundDesign, found: int, number: int) -> None:
    """What was drawn besides, and where to go on."""
    if last.rejected:
        several = "designs that broke a principle were" if last.rejected > 1 else "design was"
        console.progress(f"{last.rejected} {several} drawn again")
    if found < number:
        console.progress(f"there are no more than these {found}" if found > 1 else "that is all")
    elif last.position or found > 1:
        console.progress(f"to go on: --start {last.position + 1}")


def _none(console: Console, judging: Judging, start: int) -> int:
    """Say why there is nothing to draw."""
    from archdsl.examine import examined
    from archdsl.offering import plain

    examination = examined(judging)
    console.report(tuple(map(plain, examination.findings)))
    if start and not any(f.severity.value == "error" for f in examination.findings):
        console.progress("there are no more designs from there on")
        return exits.CLEAN
    return exits.UNSATISFIABLE if examination.unsatisfiable else exits.ERRORS
