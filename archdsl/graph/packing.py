"""A graph as a flat list of its parts, for other processes.

Pickle goes into what it finds, so a deep graph as it is would need more stack than there is. In
the list every part stands behind those inside it, and names them by their places.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from archdsl.graph.nodes import (
    Binding,
    Branch,
    CallNode,
    Chain,
    Explored,
    Fragment,
    Graph,
    OpNode,
    Ref,
    Repeat,
    Slot,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PARTS = (OpNode, Ref, Chain, Repeat, CallNode, Slot, Branch, Explored, Binding, Fragment)


class Place(NamedTuple):
    """Stands for the part at this place of the list."""

    number: int


class PackedPart(NamedTuple):
    """A part by its class and the values of its fields, other parts by their places."""

    kind: type
    values: tuple[Any, ...]


class PackedGraph(NamedTuple):
    """A graph; the last part is its model. What has been computed of it is left behind."""

    name: str
    parts: tuple[PackedPart, ...]
    doc: str
    source: Any


def packed(graph: Graph) -> PackedGraph:
    """A graph as a list, each of its parts once."""
    places: dict[int, Place] = {}
    parts: list[PackedPart] = []
    waiting: list[Any] = [graph.model]
    while waiting:
        part = waiting[-1]
        inside = [inner for inner in _inside(part) if id(inner) not in places]
        if inside and id(part) not in places:
            waiting += inside
            continue
        waiting.pop()
        if id(part) not in places:
            places[id(part)] = Place(len(parts))
            values = (_mapped(v, lambda p: places[id(p)], PARTS) for v in _values(part))
            parts.append(PackedPart(type(part), tuple(values)))
    return PackedGraph(graph.name, tuple(parts), graph.doc, graph.source)


def unpacked(graph: PackedGraph) -> Graph:
    """The graph that a list stands for."""
    made: list[Any] = []
    for kind, values in graph.parts:
        made.append(kind(*(_mapped(value, lambda p: made[p.number], (Place,)) for value in values)))
    return Graph(graph.name, made[-1], graph.doc, graph.source)


def _values(part: Any) -> Iterator[Any]:
    """The fields that a part is made from."""
    return (getattr(part, field.name) for field in fields(part) if field.init)


def _inside(part: Any) -> Iterator[Any]:
    for value in _values(part):
        if isinstance(value, PARTS):
            yield value
        elif type(value) is tuple:
            yield from (inner for inner in value if isinstance(inner, PARTS))


def _mapped(value: Any, change: Callable[[Any], Any], kinds: tuple[type, ...]) -> Any:
    """A value of a field with what is of some kinds changed, in tuples too."""
    if isinstance(value, kinds):
        return change(value)
    if type(value) is tuple:
        return tuple(change(inner) if isinstance(inner, kinds) else inner for inner in value)
    return cast("Any", value)
