"""archdsl schema"""

from __future__ import annotations

import json
from importlib import import_module

import click

from archdsl.catalog import files
from archdsl.cli import exits

PACKAGE = "archdsl.cli.schemas"


@click.command("schema")
@click.argument("name", type=click.Choice(tuple(files(PACKAGE))))
def command(name: str) -> int:
    """Print the JSON Schema of what commands write with --format json.

    `diagnostics`: the findings of any command. `checklist`: `check --checklist`. `suggestions`:
    `suggest`.
    """
    document = import_module(f"{PACKAGE}.{name}").DOCUMENT
    click.echo(json.dumps(document.json_schema(), indent=2))
    return exits.CLEAN
