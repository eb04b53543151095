"""Several amounts in one whole number, so that adding designs up adds one number for each part."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from archdsl.space.diagram import Union, amounts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.space.diagram import Node

WORD = 8  # bytes


class Packing:
    """Amounts of designs as one number: ``bytes_each`` for each, the first amount lowest. No sum of
    the amounts of a design needs more. Amounts are not negative."""

    def __init__(self, nodes: Sequence[Node], root: Node) -> None:
        bound = largest_amount(nodes)
        self.width = amounts_of(root)
        self.bytes_each = max(WORD, (bound.bit_length() + 7) // 8)
        self._words = Struct(f"<{self.width}Q").unpack if self.bytes_each == WORD else None

    def pack(self, amounts: Sequence[int]) -> int:
        """The number that holds some amounts."""
        return sum([amount << 8 * self.bytes_each * i for i, amount in enumerate(amounts)])

    def unpack(self, packed: int) -> tuple[int, ...]:
        """The amounts that a number holds."""
        size = self.bytes_each
        data = packed.to_bytes(size * self.width, "little")
        if self._words is not None:
            return self._words(data)
        starts = range(0, len(data), size)
        return tuple([int.from_bytes(data[i : i + size], "little") for i in starts])


def largest_amount(nodes: Sequence[Node]) -> int:
    """A bound of every amount of every design, and of every sum on the way to it. ``nodes`` are
    those of a diagram, each after those it is made of."""
    found: dict[int, int] = {}
    for node in nodes:
        if type(node) is Union:
            largest = max([found[id(option)] for option in node.options])
        else:
            parts = [part.times * found[id(part.node)] for part in node.parts]  # type: ignore[union-attr]
            largest = max(node.amounts, default=0) + sum(parts)  # type: ignore[union-attr]
        found[id(node)] = largest
    return max(found.values())
