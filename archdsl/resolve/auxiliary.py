"""Which lets of a body are there for results of training only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops import catalog
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.record import Record


def auxiliary_lets(body: ast.Body) -> frozenset[str]:
    """The lets that only results of training only read, by themselves or through other lets."""
    in_use, read = set[str](), set[str]()
    _read(body.result, False, in_use, read)
    if read <= in_use and not any(map(_is_auxiliary, body.within())):
        return frozenset()
    for let in reversed(body.lets):
        names = {let.name.id, *(name.id for name in let.names)}
        _read(let.value, not names & in_use, in_use, read) if names & (in_use | read) else None
        in_use |= names if names & in_use else set()
        read |= names if names & read else set()
    lets = {let.name.id for let in body.lets}
    results = {one.id for let in body.lets for one in let.names}
    return frozenset(((lets | results) & read) - in_use)


def _read(node: Record, auxiliary: bool, in_use: set[str], read: set[str]) -> None:
    """Adds the names that an expression reads to those read in use, or to those read at all."""
    if isinstance(node, ast.Name):
        (read if auxiliary else in_use).add(node.id)
        return
    if isinstance(node, ast.Attribute):  # a size needs no number of the tensor
        return
    inner = auxiliary or _is_auxiliary(node)
    for part in node.parts():
        _read(part, inner, in_use, read)


def _is_auxiliary(node: Record) -> bool:
    if not isinstance(node, ast.Call):
        return False
    op = catalog.find(node.function.id)
    return op is not None and op.auxiliary
