"""archdsl new"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.console import is_terminal
from archdsl.cli.refused import Refused
from archdsl.rendering.escape import visible
from archdsl.spec.catalog import tasks

if TYPE_CHECKING:
    from archdsl.starting.description import Description


def task_options(function: Any) -> Any:
    """A flag for each task: its width, or that it is wanted where the data say its width."""
    for task in reversed(tasks().values()):
        name = f"--{task.flag().replace('_', '-')}"
        function = click.option(name, is_flag=not task.positional, help=f"{task.asks_for}.")(
            function
        )
    return function


@click.command("new")
@click.option(
    "--kind",
    multiple=True,
    help="image, volume, series, tokens, table or graph; of several inputs NAME=KIND, each.",
)
@click.option(
    "--size",
    multiple=True,
    help="3x32x32 for an image; asked for by name in the dialogue. Of several inputs, each.",
)
@click.option("--samples", help="Labelled samples (nodes, of one graph): 50000, 50k, 1.28M.")
@task_options
@click.option("--graphs", is_flag=True, help="Many graphs, one answer each (--samples of them).")
@click.option("--pretrained", is_flag=True, help="The weights will come from pretraining.")
@click.option("--device", help="Where it runs: t4, mobile_cpu, … (archdsl ships profiles).")
@click.option("--params", help="At most so many parameters: 100k, 5M.")
@click.option("--latency", help="At most so long for one sample on the device: 20ms.")
@click.option("--memory", help="At most so much memory: 8GiB (training; inference on a phone).")
@click.option("-o", "--output", metavar="FILE", help="The file to write; by default stdout.")
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def command(output: str | None, force: bool, **flags: Any) -> int:
    """Write a first design for your data: chosen, sized and explained.

    Describe the data by flags; on a terminal what is missing is asked for. SIZE is
    CHANNELSxHEIGHTxWIDTH of an image, CHANNELSxDEPTHxHEIGHTxWIDTH of a volume, LENGTHxFEATURES of
    a series, LENGTHxVOCAB of tokens, FEATURES of a table, FEATURESxNODESxEDGES of a graph (of an
    average one, with --graphs and beside other inputs).

    Several inputs are as many kinds and sizes, with names of theirs: --kind photo=image --size
    3x64x64 --kind facts=table --size 12 --kind town=category --size 400. A category is an id below
    its VOCAB. Each is read by what it would be read by alone, inputs of one kind and size by one
    set of weights, and a hidden layer joins them.

    The spec passes every principle, carries its reasons as comments and its baselines beside it.
    Exit code 4: no suitable design meets the limits; the message says which, and by how much.
    """
    from archdsl.starting.choosing import NoDesignFits
    from archdsl.starting.writing import first_design

    path = _free(output, force)
    data = _described(flags)
    try:
        text = first_design(data)
    except NoDesignFits as unmet:
        click.echo(f"no suitable design meets the limits: {unmet}", err=True)
        return exits.UNSATISFIABLE
    _put(path, text)
    return exits.CLEAN


def _free(output: str | None, force: bool) -> Path | None:
    """The file to write, None for stdout. Raises Refused when that will not do."""
    if output in (None, "-"):
        return None
    path = Path(str(output))
    if path.is_dir():
        raise Refused(f"{visible(str(path))} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise Refused(f"there is no folder {visible(str(path.parent))}")
    if path.exists() and not force:
        raise Refused(f"{visible(str(path))} exists already; --force overwrites it")
    return path


def _put(path: Path | None, text: str) -> None:
    from archdsl.cli.outputs import write

    if path is None:
        click.echo(text, nl=False)
        return
    write(path, text)
    name, arch = visible(str(path)), text.partition("\narch ")[2].partition(" ")[0]
    click.echo(f"wrote {name}\nnext: archdsl show {name} --arch {arch}", err=True)


def _described(flags: dict[str, Any]) -> Description:
    from archdsl.cli.describing import description

    return description(flags, ask=_at_terminal())


def _at_terminal() -> bool:
    return is_terminal(sys.stdin)
