"""archdsl ops"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.arguments import Word, ops
from archdsl.cli.listing import by_family
from archdsl.cli.options import reporting
from archdsl.cli.refused import Refused
from archdsl.cli.word_hints import unknown_word
from archdsl.rendering.fitting import page

if TYPE_CHECKING:
    from archdsl.cli.console import Console


@click.command("ops")
@click.argument("name", required=False, type=Word("op", ops))
@reporting
def command(console: Console, name: str | None) -> int:
    """List the ops, or tell one's signature, meaning and an example."""
    from archdsl.explain.ops import op_page, op_pages
    from archdsl.ops import catalog

    if name is None:
        entries = [page._asdict() for page in op_pages()]
        console.result(by_family(entries, console.columns), entries)
    elif catalog.find(name) is None:
        raise Refused(unknown_word("op", name, catalog.words()))
    else:
        entry = op_page(name)._asdict()
        parts = (entry["signature"], entry["doc"], f"example: {entry['example']}")
        console.result(page("\n\n".join(parts), console.columns), entry)
    return exits.CLEAN
