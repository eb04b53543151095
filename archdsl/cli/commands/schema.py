"""archdsl schema"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from archdsl.catalog import files
from archdsl.cli import exits
from archdsl.cli.arguments import Spec
from archdsl.cli.options import one_arch, reporting

if TYPE_CHECKING:
    from archdsl.cli.console import Console

PACKAGE = "archdsl.cli.schemas"


@click.command("schema")
@click.argument("name", required=False, type=click.Choice(tuple(files(PACKAGE))))
@click.option("--designs", "file", metavar="FILE", type=Spec(), help="Of the designs of a spec.")
@one_arch
@reporting
def command(console: Console, name: str | None, file: str | None, arch: str | None) -> int:
    """Print the JSON Schema of what commands write with --format json, or of a spec's designs.

    `diagnostics`: the findings of any command. `checklist`: `check --checklist`. `suggestions`:
    `suggest`.

    With --designs, the valid designs of a space as `sample` prints them and `compile --design`
    reads them: exactly these where there are no more than 2,000, else each choice by itself with
    the options that some valid design has.
    """
    if (name is None) == (file is None):
        raise click.UsageError("give the name of a document or --designs FILE, one of them")
    shown = _document(name) if name is not None else _designs(str(file), arch)
    console.result(json.dumps(shown, indent=2, ensure_ascii=False), shown)
    return exits.CLEAN


def _document(name: str) -> Any:
    return import_module(f"{PACKAGE}.{name}").DOCUMENT.json_schema()


def _designs(file: str, arch: str | None) -> Any:
    from archdsl.cli.specs import judging_of
    from archdsl.space.as_schema import design_schema

    return design_schema(judging_of(file, arch).space)
