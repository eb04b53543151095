"""archdsl lsp"""

from __future__ import annotations

import sys

import click

from archdsl.cli import exits
from archdsl.cli.refused import Refused


@click.command("lsp")
def command() -> int:
    """Serve an editor: the language server, over stdin and stdout.

    Editors start it themselves; docs/editors.md tells how to set them up.
    """
    from archdsl.runtime.extras import MissingPackage, needing

    if sys.stdin is not None and sys.stdin.isatty():
        click.echo("archdsl lsp speaks the language server protocol with an editor", err=True)
    try:
        with needing("the language server"):
            from archdsl.lsp.server import serve
    except MissingPackage as missing:
        raise Refused(str(missing)) from None
    serve()
    return exits.CLEAN
