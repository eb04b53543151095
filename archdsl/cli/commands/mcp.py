"""archdsl mcp"""

from __future__ import annotations

import click

from archdsl.cli import exits
from archdsl.cli.refused import Refused


@click.command("mcp")
@click.option(
    "--root",
    "roots",
    multiple=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="A folder whose specs may be read (may be repeated); without it, texts alone.",
)
def command(roots: tuple[str, ...]) -> int:
    """Serve the compiler to language models over the Model Context Protocol (stdin and stdout).

    Its tools are check, fix, show, compile, explain, count, sample, suggest, ops and blocks; they
    change no file. Needs the extra `mcp`.
    """
    try:
        from archdsl.mcp.server import server
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise Refused("the server needs the package mcp: pip install 'archdsl[mcp]'") from None
    server(roots).run()
    return exits.CLEAN
