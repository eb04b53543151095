"""archdsl grammar"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from archdsl.cli import exits
from archdsl.cli.options import reporting

if TYPE_CHECKING:
    from archdsl.cli.console import Console


@click.command("grammar")
@click.option(
    "--for",
    "tool",
    type=click.Choice(("lark", "llguidance")),
    default="lark",
    show_default=True,
    help="The tool that reads it.",
)
@click.option("--check", "path", metavar="FILE", help="Say whether Lark reads FILE by it instead.")
@reporting
def command(console: Console, tool: Literal["lark", "llguidance"], path: str | None) -> int:
    """Print the grammar of the language, for parsers and for constrained decoding.

    With --check, parse FILE with Lark and the grammar as it is printed, as a program would that
    embeds the language. Exits with 1 where Lark does not read it. What a spec means, and the bounds
    of the compiler's own parser, are left to `archdsl check`.
    """
    if path is not None:
        if tool != "lark":
            raise click.UsageError(f"--check parses with Lark, not with {tool}")
        return _check(console, path)
    from archdsl.syntax.export import grammar_for

    text = grammar_for(tool)
    console.result(text.removesuffix("\n"), {"for": tool, "grammar": text})
    return exits.CLEAN


def _check(console: Console, path: str) -> int:
    from archdsl.cli.inputs import source_of
    from archdsl.syntax.reference import refusal

    source = source_of(path)
    refused = refusal(source)
    console.report([] if refused is None else [refused])
    if refused is not None:
        return exits.ERRORS
    if not console.is_document:
        console.progress(f"Lark reads {source.name}")
    return exits.CLEAN
