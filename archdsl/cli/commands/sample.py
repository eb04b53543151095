"""archdsl sample"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_file, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.cli.specs import judging_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.cli.console import Console
    from archdsl.evaluate.run import ChoicePoint
    from archdsl.examine import Judging
    from archdsl.terms import Terms

TRIES = 200  # draws in a row without a valid design, after which there may be none


@click.command("sample")
@one_file
@one_arch
@click.option(
    "-n", "number", type=click.IntRange(1), default=1, show_default=True, help="How many."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Same designs.")
@principled
@bounded
@reporting
def command(
    console: Console,
    file: str,
    arch: str | None,
    number: int,
    seed: int,
    asked: Asked,
    within: Terms,
) -> int:
    """Print valid designs drawn at random, one JSON object a line.

    Each choice is drawn evenly; designs that the spec does not allow are drawn again.
    """
    from archdsl.evaluate.designs import dumps

    terms = asked.over(within, file)
    judging = judging_of(file, arch, terms)
    found = 0
    for design in islice(_valid(judging, seed), number):
        click.echo(dumps(design))
        found += 1
    if not found:
        return _none(console, judging)
    if found < number:
        console.progress(f"gave up after {found}: {TRIES} draws in a row were not valid")
    return exits.CLEAN


def _valid(judging: Judging, seed: int) -> Iterator[dict[str, Any]]:
    """Valid designs, until none comes for a long time."""
    from archdsl.evaluate.designs import design_of, sampler
    from archdsl.examine import errors

    draw, misses, chosen = sampler(seed), 0, False

    def chooser(path: str, point: ChoicePoint) -> Any:
        nonlocal chosen
        chosen = True
        return draw(path, point)

    for evaluation in judging.drawn(chooser):
        if not errors(judging.verdict(evaluation)):
            misses = 0
            yield design_of(evaluation)  # type: ignore[arg-type]
        elif (misses := misses + 1) == TRIES or not chosen:
            return


def _none(console: Console, judging: Judging) -> int:
    """Say why there is nothing to draw."""
    from archdsl.examine import examine

    examination = examine(*judging)
    console.report(examination.findings)
    return exits.UNSATISFIABLE if examination.unsatisfiable else exits.ERRORS
