"""A picture laid out: where each box, each edge and each label is, in pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archdsl.pictures.layout.sizing import Text
    from archdsl.pictures.picture import Box


class Point(NamedTuple):
    """From the left, and from above."""

    x: float
    y: float


class Placed(NamedTuple):
    """A box with its corner and sizes; ``head`` is how high the part with its text is."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    head: float
    lines: tuple[Text, ...]

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


class Way(NamedTuple):
    """Part of an edge, point after point, of a tensor that is called by the box that gives it;
    ``arrow`` where it ends at a box."""

    tensor: str
    points: tuple[Point, ...]
    arrow: bool
    optional: bool


class Label(NamedTuple):
    """The sizes of a tensor, beside its edge: where the text begins, ``y`` its baseline."""

    text: str
    x: float
    y: float
    width: float


@dataclass
class Sheet:
    """All that is drawn; boxes from the outside in."""

    width: float = 0
    height: float = 0
    boxes: list[Placed] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
