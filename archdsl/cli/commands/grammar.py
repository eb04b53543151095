"""archdsl grammar"""

from __future__ import annotations

from typing import Literal

import click

from archdsl.cli import exits


@click.command("grammar")
@click.option(
    "--for",
    "tool",
    type=click.Choice(("lark", "llguidance")),
    default="lark",
    show_default=True,
    help="The tool that reads it.",
)
def command(tool: Literal["lark", "llguidance"]) -> int:
    """Print the grammar of the language, for parsers and for constrained decoding."""
    from archdsl.syntax.export import grammar_for

    click.echo(grammar_for(tool), nl=False)
    return exits.CLEAN
