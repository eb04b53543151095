"""archdsl zoo"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.arguments import Word
from archdsl.cli.options import reporting
from archdsl.cli.zoo import PREFIX, path_of
from archdsl.rendering.fitting import beside
from archdsl.zoo import models

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.cli.console import Console


@click.command("zoo")
@click.argument("name", required=False, type=Word("model", models))
@reporting
def command(console: Console, name: str | None) -> int:
    """List known models, or print the spec of one.

    Each command takes them by name, without a file: `archdsl show zoo:resnet50`.
    """
    if name is None:
        entries = [_entry(path) for path in models().values()]
        rows = [(entry["name"], entry["doc"].partition("\n")[0]) for entry in entries]
        console.result("\n".join(beside(rows, console.columns)), entries)
    else:
        path_of(name.removeprefix(PREFIX))
        path = models()[name.removeprefix(PREFIX)]
        source = path.read_text(encoding="utf-8")
        console.result(source, {**_entry(path), "source": source})
    return exits.CLEAN


def _entry(path: Path) -> dict[str, str]:
    """A model and the comment at the beginning of its file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = takewhile(lambda line: line.startswith("#"), lines)
    return {"name": path.stem, "doc": "\n".join(line.lstrip("# ") for line in comment)}
