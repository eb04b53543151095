"""Tables of the amounts of all designs of small nodes, for drawing designs in batches.

A table has a row for each rank and a column for each amount. That of a union puts those of its
alternatives one below the other; that of a product adds each row of one part to each of the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.space.arrays import numpy
from archdsl.space.diagram import Union, amounts_of
from archdsl.space.packing import largest_amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.space.diagram import Node, Product

SMALL = 50_000  # rows of a table
MOST = 2_000_000  # rows of the tables of all small nodes
TOGETHER = 8_192  # rows of a table of several parts of a product
LARGEST = 2**63  # amounts from here on are added as Python's own numbers, not as int64

Array = Any


class Slot(NamedTuple):
    """A part of a product in its ranks: ``rank // stride % size`` is the rank in the part."""

    stride: int
    size: int


class Tables:
    """The tables of the small nodes of diagrams: those with at most ``small`` designs, or fewer so
    that all of them have at most ``most`` rows together. ``nodes`` are all nodes, each after those
    it is made of."""

    def __init__(
        self, nodes: list[Node], roots: Sequence[Node], small: int = SMALL, most: int = MOST
    ) -> None:
        self.width = amounts_of(roots[0])
        self.kind = "int64" if largest_amount(nodes) < LARGEST else "object"
        counts = [node.count for node in nodes]
        while small > 1 and sum(count for count in counts if count <= small) > most:
            small //= 2
        self.small = small
        self._of: dict[int, Array] = {}
        self._together: dict[Any, Array] = {}
        self._left = most
        self._fill(nodes, roots)

    def has(self, node: Node) -> bool:
        """Whether a node is small."""
        return node.count <= self.small

    def of(self, node: Node) -> Array:
        """The table of a small node."""
        return self._of[id(node)]

    def row(self, amounts: tuple[int, ...]) -> Array:
        """A table of one row."""
        return numpy().array([amounts], dtype=self.kind).reshape(1, self.width)

    def below(self, nodes: list[Node]) -> Array:
        """The table of alternatives, one below the other."""
        if len(nodes) == 1:
            return self.of(nodes[0])
        found = numpy().concatenate([self.of(node) for node in nodes])
        self._left -= len(found)
        return found

    def together(self, parts: tuple[tuple[Node, int], ...]) -> Array:
        """The table of several parts of a product, each with how often it is paid."""
        key = tuple([(id(node), times) for node, times in parts])
        found = self._together.get(key)
        if found is None:
            found = self.row((0,) * self.width)
            for node, times in parts:
                found = self._each_with_each(found, node, times)
            self._together[key] = found
            self._left -= len(found)
        return found

    def largest_together(self) -> int:
        """How many rows a table of several parts may have: no more once there are many."""
        return TOGETHER if self._left > 0 else 1

    def _each_with_each(self, table: Array, node: Node, times: int) -> Array:
        added = table[:, None] + times * self.of(node)[None]
        return added.reshape(len(table) * node.count, self.width)

    def _fill(self, nodes: list[Node], roots: Sequence[Node]) -> None:
        """Makes the tables of all small nodes, and forgets those that stand in small ones only."""
        kept = set(map(id, roots))
        for node in nodes:
            if self.has(node):
                self._of[id(node)] = self._made(node)
            else:
                kept.update(map(id, node.options if type(node) is Union else _inside(node)))
        self._of = {key: table for key, table in self._of.items() if key in kept}

    def _made(self, node: Node) -> Array:
        if type(node) is Union:
            return numpy().concatenate([self.of(option) for option in node.options])
        product: Product = node  # type: ignore[assignment]
        table = self.row(product.amounts)
        for part in product.parts:
            table = self._each_with_each(table, part.node, part.times)
        return table


def slots(node: Product) -> list[Slot]:
    """Where the rank of each part stands in that of a product."""
    stride = 1
    found: list[Slot] = []
    for part in reversed(node.parts):
        found.append(Slot(stride, part.node.count))
        stride *= part.node.count
    return found[::-1]


def _inside(node: Any) -> list[Node]:
    return [part.node for part in node.parts]
