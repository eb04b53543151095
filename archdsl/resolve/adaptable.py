"""Which parts of a model adapters may go to: those with a dense layer in some design of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops import catalog
from archdsl.ops.base import Op
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.resolve.blocks import Blocks


def adaptable(
    lets: Iterable[ast.Let], outside: Iterable[ast.Let], blocks: Blocks
) -> frozenset[str]:
    """The lets of a model that may hold a dense layer: by the words that they, the blocks that they
    name, the modules that they apply and the lets ``outside`` the model are written with. More lets
    than those that do, at most: a word may be a name of something else, or stand in a branch that
    is never taken."""
    within = tuple(lets)
    named = {let.name.id: let for let in (*outside, *(one for one in within if one.is_module))}
    return frozenset(let.name.id for let in within if _has_dense(let, named, blocks))


def _has_dense(let: ast.Let, outside: dict[str, ast.Let], blocks: Blocks) -> bool:
    seen: set[str] = set()
    left: list[ast.Let | ast.Block] = [let]
    while left:
        for name in _names(left.pop()):
            if name in seen:
                continue
            seen.add(name)
            op = catalog.find(name)
            if op is not None and op.dense is not Op.dense:
                return True
            if name in outside:
                left.append(outside[name])
            block = blocks.find(name) if op is None else None
            if block is not None:
                left.append(block.node)
    return False


def _names(part: ast.Let | ast.Block) -> Iterator[str]:
    return (one.id for one in part.within() if isinstance(one, ast.Name))
