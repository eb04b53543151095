"""The import lines of a file: what its code uses, sorted as isort does.

An op says which lines its spelling needs beyond those of names that any code may use.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from typing import TYPE_CHECKING

from archdsl.emit.pytorch.layout import WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable

USUAL = (
    "from collections.abc import Callable",
    "from functools import partial",
    "from torch import Tensor",
    "from torch import nn",
    "import math",
    "import torch",
    "import torch.nn.functional as F",
)


def import_lines(body: str, given: Iterable[str]) -> list[str]:
    """The imports of some code, those asked for by ops merged in."""
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    plain: set[str] = set()
    members: dict[str, set[str]] = {}
    for line in (*(line for line in USUAL if imported(line) <= used), *given):
        found = re.fullmatch(r"from ([\w.]+) import (.+)", line.strip())
        if found is None:
            plain.add(line.strip())
        else:
            members.setdefault(found.group(1), set()).update(re.split(r",\s*", found.group(2)))
    froms = {_from(module, _sorted(names)) for module, names in members.items()}
    sections = [_section(plain, froms, standard) for standard in (True, False)]
    return "\n\n".join("\n".join(section) for section in sections if section).split("\n")


@cache
def imported(*lines: str) -> frozenset[str]:
    """The names that some import lines bind."""
    tree = ast.parse("\n".join(lines))
    found = [alias for node in tree.body for alias in getattr(node, "names", ())]
    return frozenset(alias.asname or alias.name.split(".")[0] for alias in found)


def _section(plain: set[str], froms: set[str], standard: bool) -> list[str]:
    return [
        line
        for lines in (plain, froms)
        for line in sorted(lines, key=lambda line: line.split()[1].lower())
        if (line.split()[1].split(".")[0] in sys.stdlib_module_names) is standard
    ]


def _from(module: str, names: list[str]) -> str:
    """An import of some names, a line for each where they do not fit on one."""
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join((f"from {module} import (", *(f"    {name}," for name in names), ")"))


def _sorted(names: set[str]) -> list[str]:
    """Constants, then classes, then functions."""

    def kind(name: str) -> int:
        if name.isupper() and len(name) > 1:
            return 0
        return 1 if name[0].isupper() else 2

    return sorted(names, key=lambda name: (kind(name), name))
