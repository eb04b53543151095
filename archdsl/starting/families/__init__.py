"""Families of designs, each one a class in a file: a model's text for every size, and reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.starting.description import Description


class Size(NamedTuple):
    """How large a member of a family is; ``side`` is that of the thumbnail it reads, 1 if none."""

    width: int
    depth: int = 1
    side: int = 1


class Tower(NamedTuple):
    """What reads an input: the lets of a body that `x` flows into, and the chain behind them that
    gives the vector which a head reads; empty where that is the input itself."""

    lets: tuple[str, ...]
    vector: str


class Family:
    """A family for one description of data. ``name`` is that of the ``arch``."""

    name: ClassVar[str]
    optimizer: ClassVar[str] = "adamw"
    lr: ClassVar[str] = "0.001"
    weight_decay: ClassVar[str] = "0.01"
    is_baseline: ClassVar[bool] = False
    is_tuned: ClassVar[bool] = True  # whether its weights can come from pretraining
    tuning: ClassVar[int] = 10  # epochs for which such weights are trained on, at a low rate
    tuning_lr: ClassVar[str] = "0.0001"
    is_published: ClassVar[bool] = False  # whether it is as its authors have it, with their weights
    warms_up: ClassVar[bool] = False  # whether its first steps need a low learning rate

    def __init__(self, data: Description) -> None:
        self.data = data

    @property
    def usual(self) -> Size:
        """What one starts with where the data carries it."""
        return Size(0, 0)

    def sizes(self) -> Sequence[Size]:
        """All sizes there are, from the smallest to the largest."""
        raise NotImplementedError

    def starters(self) -> Sequence[Size]:
        """The sizes up to the usual one; the smallest where all are larger."""
        sizes = self.sizes()
        return [size for size in sizes if size[:2] <= self.usual[:2]] or sizes[:1]

    def tower(self, size: Size) -> Tower:
        """What stands before the head."""
        raise NotImplementedError

    def model(self, size: Size) -> str:
        """The ``model`` statement."""
        lets, vector = self.tower(size)
        return body(*lets, f"return {vector} -> linear({self.data.classes})")

    def blocks(self, size: Size) -> str:
        """Blocks of its own that the text declares; none for what the library has."""
        return ""

    def why(self) -> str:
        """Why this family, in a sentence or two."""
        raise NotImplementedError

    def shape(self, size: Size) -> str:
        """What a size is, in words: ``width 64, 4 blocks``."""
        return f"width {size.width}"


def body(*lines: str) -> str:
    """A ``model`` of several lines."""
    return "\n".join(("model {", *(f"  {line}" for line in lines), "}"))
