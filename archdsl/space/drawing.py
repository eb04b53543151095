"""Designs of a diagram drawn at random, one by one."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.space.permutation import Permutation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.space.designs import Designs, Reading


class Drawn(NamedTuple):
    """A design drawn: its rank, the value of each choice by its name, and its amounts."""

    rank: int
    design: dict[str, Any]
    amounts: tuple[int, ...]


class Drawing:
    """Draws designs without end, each as likely as any other, and again if it so falls.

    The same seed gives the same designs; without one they differ from run to run. Continuous
    choices are drawn on their scale.
    """

    def __init__(self, designs: Designs, seed: int | None = None) -> None:
        self.designs = designs
        self._random = Random(seed)

    def __iter__(self) -> Iterator[Drawn]:
        return self

    def __next__(self) -> Drawn:
        rank = self._random.randrange(self.designs.count)
        return drawn(rank, self.designs.read(rank), self._random)


class Sample:
    """All designs in a random order that depends on the seed alone: none is drawn twice.

    ``sample[position]`` is the design at a position, whatever was drawn before, so that drawing
    can be taken up where it ended. Continuous choices depend on seed and position too.
    """

    def __init__(self, designs: Designs, seed: int = 0) -> None:
        self.designs = designs
        self.seed = seed
        self.order = Permutation(designs.count, seed)

    def __getitem__(self, position: int) -> Drawn:
        """The design at a position. Raises :class:`IndexError` past the last one."""
        rank = self.order[position]
        read = self.designs.read(rank)
        random = Random(f"{self.seed} {position}") if read.continuous else None
        return drawn(rank, read, random)

    def starting(self, start: int = 0) -> Iterator[Drawn]:
        """The designs from a position on."""
        while start < self.designs.count:
            yield self[start]
            start += 1


def drawn(rank: int, read: Reading, random: Random | None) -> Drawn:
    """A design with its continuous choices drawn; ``random`` is needed where there are any."""
    design = read.design
    if random is not None:
        for name, point in read.continuous:
            design[name] = point.at(random.random())
    return Drawn(rank, design, read.amounts)
