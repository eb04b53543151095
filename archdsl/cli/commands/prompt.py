"""archdsl prompt"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.options import reporting

if TYPE_CHECKING:
    from archdsl.cli.console import Console


@click.command("prompt")
@reporting
def command(console: Console) -> int:
    """Print the language in at most 12,000 characters, for a language model that writes specs.

    Its rules, a few examples, and the signatures of all ops, blocks and clauses there are.
    """
    from archdsl.explain.prompt import prompt

    text = prompt()
    console.result(text.removesuffix("\n"), {"prompt": text})
    return exits.CLEAN
