"""archdsl blocks"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.arguments import Word, blocks
from archdsl.cli.listing import by_family
from archdsl.cli.options import reporting
from archdsl.cli.refused import Refused
from archdsl.cli.word_hints import unknown_word
from archdsl.rendering.fitting import page

if TYPE_CHECKING:
    from archdsl.cli.console import Console


@click.command("blocks")
@click.argument("name", required=False, type=Word("block", blocks))
@reporting
def command(console: Console, name: str | None) -> int:
    """List the library's blocks, or tell one's signature, meaning and source."""
    from archdsl.explain.blocks import block_page, block_pages
    from archdsl.resolve.blocks import library

    names = tuple(library())
    if name is None:
        entries = [page._asdict() for page in block_pages()]
        console.result(by_family(entries, console.columns), entries)
    elif name not in names:
        raise Refused(unknown_word("block", name, names))
    else:
        entry = block_page(name)._asdict()
        parts = [entry["signature"], entry["doc"]]
        parts += [f"example: {entry['example']}"] if entry["example"] else []
        told = page("\n\n".join(parts), console.columns)
        console.result(f"{told}\n\n{entry['source']}", entry)
    return exits.CLEAN
