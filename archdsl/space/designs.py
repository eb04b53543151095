"""The designs of a diagram by their numbers.

Every design has a number, its *rank*, from 0 to ``count - 1``. The alternatives of a union take
consecutive ranges of ranks, in order. A product of parts with c1, c2, c3 … designs counts like a
clock, its last part running fastest: rank = ((r1 * c2) + r2) * c3 + r3 ….
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.lookup import rank_in
from archdsl.space.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.space.diagram import Answer, Node


class ReadDesign(NamedTuple):
    """A design as it was read: its rank; the value of each choice by its name, in about the order
    in which evaluating asks for them; and its amounts, as many as the diagram adds up.

    ``continuous`` are its choices within an interval, of which ``design`` holds the lower end.
    """

    rank: int
    design: dict[str, Any]
    amounts: tuple[int, ...]
    continuous: tuple[tuple[str, ContinuousPoint], ...] = ()


class Designs:
    """The designs of a diagram, read by rank. What is read of small parts is kept, so that most of
    a design is put together from parts known already."""

    def __init__(self, root: Node) -> None:
        self.count = root.count
        self.reader = Reader(root)
        self._unpack = self.reader.packing.unpack

    def read(self, rank: int) -> ReadDesign:
        """The design of a rank. Raises :class:`IndexError` when there is none."""
        if not 0 <= rank < self.count:
            raise self._unknown(rank)
        pieces, amounts = self.reader.read(rank)
        design: dict[str, Any] = {}
        for piece in pieces:
            design.update(piece)
        total = self._unpack(amounts)
        if self.reader.is_continuous:
            return ReadDesign(rank, design, total, _closed(design))
        return ReadDesign(rank, design, total)

    def design(self, rank: int) -> dict[str, Any]:
        """The design of a rank: the value of each choice by its name."""
        return self.read(rank).design

    def amounts(self, rank: int) -> tuple[int, ...]:
        """What the design of a rank costs. Raises :class:`IndexError` when there is none."""
        return self.read(rank).amounts

    def rank(self, design: Mapping[str, Any]) -> int | None:
        """The rank of a design; None when it is no design of this diagram."""
        rank = rank_in(self.reader.sites, design)
        if rank is None or len(self.design(rank)) != len(design):
            return None
        return rank

    def answers(self, rank: int) -> list[Answer]:
        """The answers of the design of a rank, with full paths."""
        if not 0 <= rank < self.count:
            raise self._unknown(rank)
        return self.reader.answers(rank)

    def _unknown(self, rank: int) -> IndexError:
        return IndexError(f"there is no design {rank} among {self.count}")


def _closed(design: dict[str, Any]) -> tuple[tuple[str, ContinuousPoint], ...]:
    """The continuous choices of a design, each set to the lower end of its interval."""
    found = tuple([(n, point) for n, point in design.items() if type(point) is ContinuousPoint])
    for name, point in found:
        design[name] = point.low
    return found
