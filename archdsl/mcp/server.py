"""The server: the tools, told to a client by the official SDK (the extra ``mcp``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp.server import MCPServer

from archdsl import __version__
from archdsl.mcp.access import Access
from archdsl.mcp.tools import Tools

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

INSTRUCTIONS = (
    "archdsl is a language for neural-network architectures. Before the first spec read the prompt"
    " `language`. Write a spec, `check` it, mend what `findings` say (`fix`, `suggest`), then"
    " `compile` it."
)


def server(roots: Iterable[str | os.PathLike[str]] = ()) -> MCPServer:
    """A server that may read the specs below some folders."""
    made = MCPServer("archdsl", version=__version__, instructions=INSTRUCTIONS)
    tools = Tools(Access(roots))
    for tool in (
        tools.check,
        tools.fix,
        tools.show,
        tools.compile,
        tools.count,
        tools.sample,
        tools.suggest,
        tools.explain,
        tools.ops,
        tools.blocks,
    ):
        made.tool()(tool)
    made.prompt()(language)
    return made


def language() -> str:
    """The language in 12,000 characters: its rules, examples, and all ops and blocks."""
    from archdsl.explain.prompt import prompt

    return prompt()
