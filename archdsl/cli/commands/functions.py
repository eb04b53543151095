"""archdsl functions"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.listing import by_family
from archdsl.cli.options import reporting
from archdsl.cli.refused import Refused
from archdsl.cli.word_hints import unknown_word
from archdsl.rendering.fitting import page

if TYPE_CHECKING:
    from archdsl.cli.console import Console


@click.command("functions")
@click.argument("name", required=False)
@reporting
def command(console: Console, name: str | None) -> int:
    """List the functions of values and the forms (`when`, `each`), or tell one's meaning."""
    from archdsl.explain.functions import functions

    known = functions()
    if name is None:
        entries = [function._asdict() for function in known.values()]
        console.result(by_family(entries, console.columns), entries)
    elif name not in known:
        raise Refused(unknown_word("function", name, tuple(known)))
    else:
        told = known[name]
        parts = (told.signature, told.doc, f"example: {told.example}")
        console.result(page("\n\n".join(parts), console.columns), told._asdict())
    return exits.CLEAN
