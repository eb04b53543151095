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
    from archdsl.syntax.nodes import Block, File


@click.command("blocks")
@click.argument("name", required=False)
@reporting
def command(console: Console, name: str | None) -> int:
    """List the library's blocks, or tell one's signature, meaning and source."""
    from archdsl.resolve.blocks import library

    names = tuple(library())
    if name is None:
        entries = [_entry(word) for word in names]
        console.result(by_family(entries), entries)
    elif name not in names:
        guess = did_you_mean(name, names)
        raise Refused(f"there is no block `{name}`" + (f"; {guess}" if guess else ""))
    else:
        entry = _entry(name)
        page = [entry["signature"], entry["doc"]]
        page += [f"example: {entry['example']}"] if entry["example"] else []
        console.result("\n\n".join((*page, entry["source"])), entry)
    return exits.CLEAN


EXAMPLE = "example:"


def _entry(name: str) -> dict[str, str]:
    """A block's page from its file: the comments before it, and the block itself."""
    from archdsl.catalog import files
    from archdsl.source import Source
    from archdsl.syntax.nodes import Block
    from archdsl.syntax.parser import parse

    path = files("archdsl.library", ".arch")[name]
    file = parse(Source(path.read_text(encoding="utf-8"), path.name))
    (block,) = (item for item in file.items if isinstance(item, Block))
    comments = _comments(file, block)
    return {
        "name": name,
        "family": path.parent.name,
        "signature": _signature(block),
        "doc": "\n".join(line for line in comments if not line.startswith(EXAMPLE)).strip(),
        "example": "\n".join(
            line.removeprefix(EXAMPLE).strip() for line in comments if line.startswith(EXAMPLE)
        ),
        "source": block.span.text,
    }


def _comments(file: File, block: Block) -> list[str]:
    before = (comment for comment in file.comments if comment.span.start < block.span.start)
    return [comment.text.removeprefix("#").removeprefix(" ").rstrip() for comment in before]


def _signature(block: Block) -> str:
    """``bottleneck(width, stride=1)``"""
    parameters = ", ".join(parameter.span.text for parameter in block.parameters)
    return f"{block.name.id}({parameters})"
