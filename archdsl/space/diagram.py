"""All designs of a space as one diagram, from which whatever is asked of the space follows.

It is an AND/OR decision diagram (Mateescu, Dechter and Marinescu, "AND/OR multi-valued decision
diagrams", JAIR 2008) in the shape of the model: a :class:`Union` holds alternatives that exclude
each other, a :class:`Product` holds parts that are chosen independently. Each design of the space
is one way through it: of every union one alternative, of every product all parts. Parts that
occur in several places are shared, so a diagram is small where a space is regular.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archdsl.evaluate.run import ChoicePoint


class Answer(NamedTuple):
    """One option of one choice; ``path`` is relative to the product that holds the answer."""

    path: str
    point: ChoicePoint
    option: int


class Place:
    """Where choices are made that parts far below refer to: a body whose lets are read inside its
    parts. Paths that belong to it begin where the product with this ``place`` stands."""

    __slots__ = ()


class Part(NamedTuple):
    """A diagram inside a product.

    ``path`` begins the paths in it, from where the product stands, or from the ``place`` given.
    What it costs counts ``times``: 5 for five copies that are one choice, 0 for what is chosen
    although nothing reads it.
    """

    node: Node
    path: str = ""
    place: Place | None = None
    times: int = 1


HERE = ("", None, 1)  # path, place and times of a part that stands where the product does


class Product:
    """Answers, and parts that are chosen independently of each other. ``amounts`` are its own
    costs, those of its parts left out; ``count`` its designs, where they are known already."""

    __slots__ = ("amounts", "answers", "count", "order", "parts", "place")

    def __init__(
        self,
        answers: tuple[Answer, ...],
        parts: tuple[Part, ...],
        amounts: tuple[int, ...],
        place: Place | None = None,
        count: int | None = None,
    ) -> None:
        self.answers = answers
        self.parts = parts
        self.amounts = amounts
        self.place = place
        self.order = -1
        self.count: int = prod(part.node.count for part in parts) if count is None else count


class Union:
    """Alternatives of which a design has exactly one."""

    __slots__ = ("count", "options", "order")

    def __init__(self, options: tuple[Product, ...]) -> None:
        self.options = options
        self.order = -1
        self.count: int = sum(option.count for option in options)


Node = Product | Union
FEW = 8  # alternatives of a union that is taken apart inside another


def union(options: list[Node]) -> Node:
    """Alternatives that exclude each other; a single one stands for itself.

    Unions among them are taken apart where they are small. Large ones stay whole, as one
    alternative: one that is met in many places is not copied to each.
    """
    if len(options) == 1:
        return options[0]
    flat: list[Product] = []
    for option in options:
        if type(option) is Product:
            flat.append(option)
        elif len(option.options) <= FEW:  # type: ignore[union-attr]
            flat.extend(option.options)  # type: ignore[union-attr]
        else:
            flat.append(Product((), (Part(option),), ZERO[: amounts_of(option)]))
    return Union(tuple(flat))


def product(first: Node, part: Part, place: Place | None = None) -> Node:
    """A diagram with a further part that is chosen independently of it."""
    if trivial(part.node):
        return first
    if place is None and part[1:] == HERE and trivial(first):
        return part.node
    if type(first) is Product and first.place is place:
        count = first.count * part.node.count  # a row of many steps grows by one after the other
        return Product(first.answers, (*first.parts, part), first.amounts, place, count)
    return Product((), (Part(first), part), ZERO[: amounts_of(first)], place)


def costing_nothing(node: Node) -> Node:
    """The same designs, of which nothing counts: they are chosen, and nothing reads them."""
    return Product((), (Part(node, times=0),), ZERO[: amounts_of(node)])


ZERO: tuple[int, ...] = (0,) * 64


def amounts_of(node: Node) -> int:
    """How many costs a diagram adds up."""
    while type(node) is Union:
        node = node.options[0]
    return len(node.amounts)  # type: ignore[union-attr]


def trivial(node: Node) -> bool:
    """Whether nothing is chosen in a diagram and it costs nothing."""
    return type(node) is Product and not (node.answers or node.parts or any(node.amounts))


def ordered(root: Node) -> list[Node]:
    """All nodes of a diagram, each after those it is made of; ``order`` is its place in the list.

    Without recursion, as diagrams may be deep.
    """
    found: list[Node] = []
    waiting = [root]
    seen: set[Node] = set()
    while waiting:
        node = waiting[-1]
        if node in seen:
            waiting.pop()
            if node.order < 0:
                node.order = len(found)
                found.append(node)
            continue
        seen.add(node)
        node.order = -1
        if type(node) is Union:
            waiting.extend([option for option in node.options if option not in seen])
        else:
            waiting.extend([part.node for part in node.parts if part.node not in seen])  # type: ignore[union-attr]
    return found
