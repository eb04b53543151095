"""The example of a page: a spec to paste into a file, and what to run to see what it shows."""

from __future__ import annotations

import re
from typing import NamedTuple

_BLOCK = r"^```{}\n(.*?)^```"
_COMMAND = re.compile(r"^\$ (.*)$", re.MULTILINE)


class Example(NamedTuple):
    """``spec`` is the text of a file ``model.arch``; ``commands`` are typed beside it."""

    spec: str
    commands: tuple[str, ...]


def example_in(text: str) -> Example:
    """The example of a page: its ``arch`` block and its ``console`` block. Where there is none of
    these, ``archdsl check model.arch`` shows it."""
    commands = _COMMAND.findall(_block(text, "console"))
    return Example(_block(text, "arch"), tuple(commands) or ("archdsl check model.arch",))


def _block(text: str, kind: str) -> str:
    found = re.search(_BLOCK.format(kind), text, flags=re.MULTILINE | re.DOTALL)
    return found[1] if found else ""
