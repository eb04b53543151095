"""Designs drawn at random and costed by the million, with NumPy.

Small nodes of the diagram are tables of amounts (:mod:`archdsl.space.tables`): one random row of
one table stands for all choices in it. What is larger is drawn for many designs at once: from the
root down, the designs that come through a union are parted by alternative; from the leaves up,
their amounts are added.

Each design is exactly as likely as any other, as far as the random bits are: rows are drawn by
rejection, alternatives by exact thresholds in whole numbers of any size.
"""

from __future__ import annotations

from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.space.arrays import numpy
from archdsl.space.designs import Designs
from archdsl.space.drawing import drawn
from archdsl.space.levels import Draw, Levels
from archdsl.space.tables import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.space.diagram import Node

BLOCK = 8_192  # designs drawn together: their amounts stay in the processor's cache

Array = Any


class Rows(NamedTuple):
    """Designs drawn: a row of ``amounts`` for each, int64 (Python numbers where those could be
    too small), and in ``groups`` the number of the diagram that it is of."""

    amounts: Array
    groups: Array


class Batch:
    """An endless list of designs drawn at random, each as likely as any other.

    ``roots`` are diagrams of designs that exclude each other, as groups of a space are; ranks go
    through them in order. What is drawn at a position depends on the seed (and on NumPy's version)
    alone, so the designs of some rows are found again when they are asked for. ``small`` is how
    many designs a node may have to become a table.

    Raises :class:`ModuleNotFoundError` where NumPy is not installed.
    """

    def __init__(self, roots: Sequence[Node], seed: int = 0, small: int = SMALL) -> None:
        numpy()
        self.roots = tuple(roots)
        self.count = sum(root.count for root in roots)
        self.seed = seed
        self.levels = Levels(self.roots, small)
        self._kept: tuple[int, Draw] | None = None

    def draw(self, count: int, start: int = 0) -> Rows:
        """``count`` designs from a position on. Shape of ``amounts``: (count, amounts)."""
        levels, np = self.levels, numpy()
        amounts = np.empty((count, levels.width), dtype=levels.kind)
        groups = np.zeros(count, dtype=np.intp)
        for block, rows, where in _blocks(start, count):
            draw = self._drawn(block)
            amounts[where] = draw.amounts[rows]
            if draw.groups is not None:
                groups[where] = draw.groups[rows]
        return Rows(amounts, groups)

    def ranks(self, positions: Sequence[int]) -> list[int]:
        """The ranks of the designs at some positions."""
        found: dict[int, int] = {}
        for block, row in sorted(divmod(int(position), BLOCK) for position in positions):
            found[block * BLOCK + row] = self._last_drawn(block).rank(row)
        return [found[int(position)] for position in positions]

    def designs(self, positions: Sequence[int]) -> list[dict[str, Any]]:
        """The designs at some positions: the value of each choice by its name. Continuous choices
        depend on the position, too."""
        ranks = self.ranks(positions)
        return [self._design(rank, p) for rank, p in zip(ranks, positions, strict=True)]

    def _design(self, rank: int, position: int) -> dict[str, Any]:
        group = 0
        while rank >= self.roots[group].count:
            rank -= self.roots[group].count
            group += 1
        read = self._read[group].read(rank)
        return drawn(read, Random(f"{self.seed} {position}")).design

    @cached_property
    def _read(self) -> list[Designs]:
        return [Designs(root) for root in self.roots]

    def _last_drawn(self, block: int) -> Draw:
        """A block with all that was drawn for it; the last one is kept."""
        if self._kept is None or self._kept[0] != block:
            self._kept = (block, self._drawn(block, recorded=True))
        return self._kept[1]

    def _drawn(self, block: int, recorded: bool = False) -> Draw:
        random = numpy().random
        sequence = random.SeedSequence(self.seed % 2**64, spawn_key=(block,))
        return Draw(self.levels, BLOCK, random.Generator(random.SFC64(sequence)), recorded)


def _blocks(start: int, count: int) -> Iterator[tuple[int, slice, slice]]:
    """The blocks that ``count`` rows from ``start`` on lie in: the block, the rows in it, and where
    these are among those asked for."""
    position, end = start, start + count
    while position < end:
        block, row = divmod(position, BLOCK)
        taken = min(BLOCK - row, end - position)
        yield block, slice(row, row + taken), slice(position - start, position - start + taken)
        position += taken
