"""Designs of a diagram drawn at random, one by one."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from archdsl.space.permutation import Permutation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.space.designs import Designs, ReadDesign


class Drawing:
    """Draws designs without end, each as likely as any other, and again if it so falls.

    The same seed gives the same designs; without one they differ from run to run. Continuous
    choices are drawn on their scale.
    """

    def __init__(self, designs: Designs, seed: int | None = None) -> None:
        self.designs = designs
        self._random = Random(seed)

    def __iter__(self) -> Iterator[ReadDesign]:
        return self

    def __next__(self) -> ReadDesign:
        read = self.designs.read(self._random.randrange(self.designs.count))
        return drawn(read, self._random) if read.continuous else read


class Sample:
    """All designs in a random order that depends on the seed alone: none is drawn twice.

    ``sample[position]`` is the design at a position, whatever was drawn before, so that drawing
    can be taken up where it ended. Continuous choices depend on seed and position too.
    """

    def __init__(self, designs: Designs, seed: int = 0) -> None:
        self.designs = designs
        self.seed = seed
        self.order = Permutation(designs.count, seed)

    def __getitem__(self, position: int) -> ReadDesign:
        """The design at a position. Raises :class:`IndexError` past the last one."""
        read = self.designs.read(self.order[position])
        return drawn(read, Random(f"{self.seed} {position}")) if read.continuous else read

    def starting(self, start: int = 0) -> Iterator[ReadDesign]:
        """The designs from a position on."""
        return map(self.__getitem__, range(start, self.designs.count))


def drawn(read: ReadDesign, random: Random) -> ReadDesign:
    """A design that was read, with its continuous choices drawn."""
    for name, point in read.continuous:
        read.design[name] = point.at(random.random())
    return read
