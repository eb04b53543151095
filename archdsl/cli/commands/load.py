"""archdsl load"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_design, one_file, reporting
from archdsl.cli.outputs import refuse_over
from archdsl.cli.principled import Asked, principled
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.runtime.live.loaded import Loaded
    from archdsl.terms import Terms


@click.command("load")
@one_file
@click.argument("weights", metavar="WEIGHTS", type=click.Path(exists=True, dir_okay=False))
@one_arch
@one_design
@click.option("--from", "origin", metavar="NAME", help="Whose names WEIGHTS has; by default found.")
@click.option(
    "-o",
    "--output",
    metavar="OUT.safetensors",
    help="Write the weights by the names they have here.",
)
@principled
@bounded
@reporting
def command(
    console: Console,
    file: str,
    weights: str,
    arch: str | None,
    design: str | None,
    choose: tuple[str, ...],
    origin: str | None,
    output: str | None,
    asked: Asked,
    within: Terms,
) -> int:
    """Build the module with the weights of a file: all of them, and nothing left over.

    WEIGHTS is a .safetensors file, an index.json of several, or a .pt, .pth or .bin file, of which
    tensors alone are read. Its names are the module's own, or those that a `weights` clause of the
    spec leads from:

    \b
      weights torchvision("classifier.1.*" -> "head.*")

    With -o they are written by the names that they have here: what the emitted module, and
    `archdsl train --weights`, take. Exits with 2 where the file and the module have not the same
    weights. Needs the extra archdsl[torch].
    """
    from archdsl import stages
    from archdsl.cli.live import live
    from archdsl.cli.specs import worked
    from archdsl.loading import loaded

    refuse_over(output, file, weights)
    terms = asked.over(within, file)
    work = worked(file, arch, design, choose, stages.STAGES[:4], terms=terms)
    console.remark(console.brief(work.findings))
    with live("loading weights"):
        found = loaded(work, Path(weights), origin)
    if output is not None:
        _write(Path(output), found)
    console.result(_text(found, weights, output), _document(found, output))
    return exits.CLEAN


def _write(path: Path, found: Loaded) -> None:
    """Raises Refused when the file cannot be written."""
    from archdsl.cli.refused import refused
    from archdsl.content import replace
    from archdsl.runtime.live.learning.checkpoints import packed

    try:
        replace(path, packed(found.module.state_dict()))
    except OSError as error:
        raise refused("write", path, error) from None


def _text(found: Loaded, weights: str, output: str | None) -> str:
    names = f"as {found.origin} calls them" if found.origin else "by the names they have here"
    told = f"{found.tensors:,} tensors of {visible(weights)} loaded, {names}\n"
    return told if output is None else f"{told}written to {visible(output)}\n"


def _document(found: Loaded, output: str | None) -> dict[str, Any]:
    return {"tensors": found.tensors, "origin": found.origin or None, "file": output}
