"""The edges of a picture, level by level: inside each box those between the boxes directly in it.

A tensor that goes into a box, or leaves it, passes a port at its border.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archdsl.pictures.picture import Box, Edge, Picture

WHOLE = ""  # the key of the level of the picture itself


class Port(NamedTuple):
    """Where a tensor, called by the box that gives it, passes the border of a box."""

    tensor: str
    enters: bool


Node = str | Port  # of a level: a box by its key, or a port


class Link(NamedTuple):
    """Part of an edge: a tensor from one node of a level to another."""

    tensor: str
    start: Node
    end: Node
    sizes: str
    optional: bool


class Level(NamedTuple):
    """The boxes directly inside a box, its ports, and what leads from where to where."""

    boxes: tuple[Box, ...]
    ports: tuple[Port, ...]
    links: tuple[Link, ...]

    @property
    def nodes(self) -> list[Node]:
        """All of them: what enters, the boxes, what leaves."""
        enters = [port for port in self.ports if port.enters]
        leaves = [port for port in self.ports if not port.enters]
        return [*enters, *(box.key for box in self.boxes), *leaves]


def levels(picture: Picture) -> dict[str, Level]:
    """The level of each box that has some inside, and that of the picture."""
    trails: dict[str, tuple[str, ...]] = {}
    inside: dict[str, tuple[Box, ...]] = {WHOLE: picture.boxes}
    _trails(picture.boxes, (WHOLE,), trails, inside)
    links: dict[str, dict[tuple[str, Node, Node], Link]] = {key: {} for key in inside}
    for edge in picture.edges:
        for key, link in _parts(edge, trails):
            place = (link.tensor, link.start, link.end)
            before = links[key].get(place)
            optional = link.optional and (before is None or before.optional)
            links[key][place] = link._replace(optional=optional)
    return {key: _level(boxes, [*links[key].values()]) for key, boxes in inside.items()}


def _trails(
    boxes: tuple[Box, ...],
    above: tuple[str, ...],
    trails: dict[str, tuple[str, ...]],
    inside: dict[str, tuple[Box, ...]],
) -> None:
    """For each box the keys of those that it is inside of, outermost first, and its own."""
    for box in boxes:
        trails[box.key] = (*above, box.key)
        if box.inside:
            inside[box.key] = box.inside
            _trails(box.inside, trails[box.key], trails, inside)


def _parts(edge: Edge, trails: dict[str, tuple[str, ...]]) -> list[tuple[str, Link]]:
    """The links that an edge is made of, each with the key of its level."""
    source, target = trails[edge.source], trails[edge.target]
    same = 0
    while source[same] == target[same]:
        same += 1
    tensor, rest = edge.source, (edge.sizes, edge.optional)
    leaves, enters = Port(tensor, enters=False), Port(tensor, enters=True)
    found = [
        (key, Link(tensor, inner, leaves, *rest))
        for key, inner in zip(source[same:], source[same + 1 :], strict=False)
    ]
    found.append((source[same - 1], Link(tensor, source[same], target[same], *rest)))
    found += [
        (key, Link(tensor, enters, inner, *rest))
        for key, inner in zip(target[same:], target[same + 1 :], strict=False)
    ]
    return found


def _level(boxes: tuple[Box, ...], links: list[Link]) -> Level:
    ends = [end for link in links for end in (link.start, link.end)]
    ports = dict.fromkeys(end for end in ends if isinstance(end, Port))
    return Level(boxes, tuple(ports), tuple(links))
