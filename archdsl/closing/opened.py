"""Which parts of a text choose something, themselves or in the blocks that they call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.closing.tree import SELECTING, names_in
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.record import Record
    from archdsl.source import Span


class Opened:
    """Tells whether something is chosen in a tree. ``names`` are the blocks in which something is,
    and the layers that are bound outside of bodies."""

    def __init__(self, blocks: Mapping[str, nodes.Block], lets: Iterable[nodes.Let]) -> None:
        self.names: set[str] = set()
        trees: list[tuple[str, Record]] = [(let.name.id, let.value) for let in lets]
        trees += blocks.items()
        found = True
        while found:
            new = {name for name, tree in trees if name not in self.names and self(tree)}
            self.names |= new
            found = bool(new)

    def __call__(self, tree: Record | None) -> bool:
        """Whether something is chosen in a tree."""
        if tree is None:
            return False
        if any(name in self.names for name in names_in(tree)):
            return True
        return chooses(tree)

    def arguments(self, trees: Iterable[Record]) -> frozenset[Span]:
        """The arguments and defaults in trees in which something is chosen."""
        parts = [part for tree in trees for part in tree.within()]
        given = [part.value for part in parts if isinstance(part, nodes.Argument)]
        given += [p.default for p in parts if isinstance(p, nodes.Parameter) and p.default]
        return frozenset(one.span for one in given if self(one))


def chooses(tree: Record) -> bool:
    """Whether something is chosen in a tree itself, whatever it calls."""
    counted: set[int] = set()
    for node in tree.within():
        if isinstance(node, nodes.Choice):
            return True
        if isinstance(node, nodes.Range) and id(node) not in counted:
            return True
        if isinstance(node, nodes.Call):
            if node.function.id in SELECTING:
                return True
            if node.function.id == "each" and node.arguments:
                counted.add(id(node.arguments[0].value))
    return False
