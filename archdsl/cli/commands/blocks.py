"""archdsl blocks"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.listing import by_family
from archdsl.cli.options import reporting
from archdsl.cli.refused import Refused
from archdsl.diagnostics import did_you_mean

if TYPE_CHECKING:
    from archdsl.cli.console import Console


@click.command("blocks")
@click.argument("name", required=False)
@reporting
def command(console: Console, name: str | None) -> int:
    """List the library's blocks, or tell one's signature, meaning and source."""
    from archdsl.explain.blocks import block_page, block_pages
    from archdsl.resolve.blocks import library

    names = tuple(library())
    if name is None:
        entries = [page._asdict() for page in block_pages()]
        console.result(by_family(entries), entries)
    elif name not in names:
        guess = did_you_mean(name, names)
        raise Refused(f"there is no block `{name}`" + (f"; {guess}" if guess else ""))
    else:
        entry = block_page(name)._asdict()
        page = [entry["signature"], entry["doc"]]
        page += [f"example: {entry['example']}"] if entry["example"] else []
        console.result("\n\n".join((*page, entry["source"])), entry)
    return exits.CLEAN
