"""archdsl ops"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.listing import by_family, paragraphs
from archdsl.cli.options import reporting
from archdsl.cli.refused import Refused
from archdsl.diagnostics import did_you_mean

if TYPE_CHECKING:
    from archdsl.cli.console import Console


@click.command("ops")
@click.argument("name", required=False)
@reporting
def command(console: Console, name: str | None) -> int:
    """List the ops, or tell one's signature, meaning and an example."""
    from archdsl.ops import catalog

    if name is None:
        entries = [_entry(word) for word in catalog.words()]
        console.result(by_family(entries), entries)
    elif catalog.find(name) is None:
        guess = did_you_mean(name, catalog.words())
        raise Refused(f"there is no op `{name}`" + (f"; {guess}" if guess else ""))
    else:
        entry = _entry(name)
        page = (entry["signature"], entry["doc"], f"example: {entry['example']}")
        console.result("\n\n".join(page), entry)
    return exits.CLEAN


def _entry(word: str) -> dict[str, str]:
    from archdsl.ops import catalog
    from archdsl.ops.binding import signature

    op = catalog.find(word)
    assert op is not None
    return {
        "name": word,
        "family": catalog.family(word),
        "signature": signature(op),
        "doc": paragraphs(op.__doc__),
        "example": op.example,
    }
