"""archdsl lsp"""

from __future__ import annotations

import sys

import click

from archdsl.cli import exits
from archdsl.cli.refused import Refused

MISSING = "the language server needs pygls, which is not installed: pip install 'archdsl[lsp]'"


@click.command("lsp")
def command() -> int:
    """Serve an editor: the language server, over stdin and stdout.

    Editors start it themselves; docs/editors.md tells how to set them up.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        click.echo("archdsl lsp speaks the language server protocol with an editor", err=True)
    try:
        from archdsl.lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise Refused(MISSING) from None
    serve()
    return exits.CLEAN
