"""archdsl grammar"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.catalog import files
from archdsl.cli import exits
from archdsl.cli.options import reporting

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.syntax.names import Names


@click.command("grammar")
@click.option(
    "--for",
    "tool",
    type=click.Choice(tuple(files("archdsl.syntax.exports"))),
    default="lark",
    show_default=True,
    help="The tool that reads it.",
)
@click.option(
    "--closed", is_flag=True, help="Only names that exist, and those of a few words for its own."
)
@click.option("--check", "path", metavar="FILE", help="Say whether Lark reads FILE by it instead.")
@reporting
def command(console: Console, tool: str, closed: bool, path: str | None) -> int:
    """Print the grammar of the language, for parsers and for constrained decoding.

    `lark` and `llguidance` read it as it is written, and skip blanks and comments. In that for
    `gbnf` (llama.cpp), `xgrammar` and `openai` (custom tools) blanks stand where they may, and no
    longer than a hundred; they read every formatted spec.

    With --closed, a part of the language in which ops, blocks, functions, their arguments, the
    words of clauses, principles, metrics and devices are those there are, and each call has what it
    needs. What a spec names itself is one of a few words with a number; its clauses are in order.

    With --check, parse FILE with Lark and the grammar as it is printed, as a program would that
    embeds the language. Exits with 1 where Lark does not read it. What a spec means, and the bounds
    of the compiler's own parser, are left to `archdsl check`.
    """
    if closed and (tool == "lark" or path is not None):
        raise click.UsageError("--closed is for constrained decoding: not for Lark, nor --check")
    if path is not None:
        if tool != "lark":
            raise click.UsageError(f"--check parses with Lark, not with {tool}")
        return _check(console, path)
    from archdsl.syntax.export import grammar_for

    text = grammar_for(tool, _names() if closed else None)
    document = {"for": tool, "closed": closed, "grammar": text}
    console.result(text.removesuffix("\n"), document)
    return exits.CLEAN


def _names() -> Names:
    from archdsl.explain.names import names

    return names()


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
