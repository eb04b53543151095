"""What the arguments of calls are for, by the names of the parameters they are given to."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING

from archdsl.catalog import files
from archdsl.ops import catalog
from archdsl.source import Source
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADS = frozenset({"heads"})
WIDTHS = frozenset({"channels", "features", "width"})


def given(call: ast.Call, names: frozenset[str]) -> Iterator[ast.Expression]:
    """What a call of an op or of a library block gives to parameters of some names."""
    known = _parameters(call.function.id)
    for place, argument in enumerate(call.arguments):
        name = argument.name or (known[place] if place < len(known) else "")
        if name in names:
            yield argument.value


@cache
def _parameters(word: str) -> tuple[str, ...]:
    """The parameters of an op or of a library block, in order; none of what is neither."""
    op = catalog.find(word)
    if op is not None:
        return (*op.branches.names, *(field.name for field in fields(op)))  # type: ignore[arg-type]
    path = files("archdsl.library", ".arch").get(word)
    if path is None:
        return ()
    tree = parse(Source(path.read_text(encoding="utf-8"), path.name))
    blocks = [item for item in tree.items if isinstance(item, ast.Block) and item.name.id == word]
    return tuple(parameter.name.id for block in blocks for parameter in block.parameters)
