"""archdsl sample"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_file, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.cli.specs import code_without_design, judging_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.cli.console import Console
    from archdsl.examine import Judging
    from archdsl.sampling import SoundDesign, SoundDesigns
    from archdsl.terms import Terms

STOPPED = "stopped, as too few of those drawn are sound"


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
    """Print sound designs drawn at random, one JSON object a line (with --format json one list).

    Each valid design is as likely as any other and comes once; those that break a principle are
    drawn again. A space with fewer designs prints all it has.
    """
    from archdsl.sampling import SoundDesigns

    judging = judging_of(file, arch, asked.over(within, file))
    drawing = SoundDesigns(judging, seed, start)
    found = _printed(console, islice(drawing, number))
    if not found:
        return _none(console, judging, drawing, start)
    _tell(console, drawing, found, number)
    return exits.CLEAN


def _printed(console: Console, drawn: Iterator[SoundDesign]) -> int:
    """Print designs as they are drawn, for programs as one list; how many there were."""
    from archdsl.evaluate.designs import dumps

    if console.is_json:
        designs = [one.design for one in drawn]
        if designs:
            console.result("", designs)
        return len(designs)
    found = 0
    for one in drawn:
        click.echo(dumps(one.design))
        found += 1
    return found


def _tell(console: Console, drawing: SoundDesigns, found: int, number: int) -> None:
    """What was drawn besides, and where to go on."""
    if drawing.rejected:
        several = "designs that broke a principle were" if drawing.rejected > 1 else "design was"
        console.progress(f"{drawing.rejected} {several} drawn again")
    if drawing.gave_up:
        console.progress(f"{STOPPED}; to go on: --start {drawing.next}")
    elif found < number:
        console.progress(f"there are no more than these {found}" if found > 1 else "that is all")
    elif drawing.next > 1:
        console.progress(f"to go on: --start {drawing.next}")


def _none(console: Console, judging: Judging, drawing: SoundDesigns, start: int) -> int:
    """Say why there is nothing to draw."""
    from archdsl.examine import errors, examined
    from archdsl.offering import plain

    examination = examined(judging)
    if start and not drawing.rejected and not errors(examination.findings):
        console.report([])
        console.progress("there are no more designs from there on")
        return exits.CLEAN
    console.report(tuple(map(plain, examination.findings)))
    many = drawing.rejected > 1
    several = f"none of {drawing.rejected:,} designs drawn is" if many else "no design is"
    told = f"{several} sound (valid, and breaks no principle)"
    again = f"; {STOPPED}, to go on: --start {drawing.next}" if drawing.gave_up else ""
    console.progress(told + again)
    return code_without_design(examination)
