"""Small diagrams at random, and all of their designs found by the definition of a diagram alone.

``diagram(seed)`` makes one: with shared nodes, answers of their own in products, parts that begin
at places further up, copies that are paid several times and parts that are paid not at all.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any, NamedTuple

from archdsl.evaluate.points import ChoicePoint
from archdsl.source import Source, Span
from archdsl.space.diagram import Answer, Node, Part, Place, Product, Union

SOURCE = Source("a text", "a.arch")


class Way(NamedTuple):
    """One design: full paths with labels, and amounts."""

    answers: tuple[tuple[str, Any], ...]
    amounts: tuple[int, ...]

    @property
    def design(self) -> dict[str, Any]:
        return {path[1:] or "model": label for path, label in self.answers}


def point(size: int) -> ChoicePoint:
    """A choice point of so many options."""
    return ChoicePoint(tuple(f"option {index}" for index in range(size)), Span(SOURCE, 0, 1))


def ways(node: Node, path: str = "", places: dict[Place, str] | None = None) -> list[Way]:
    """All designs of a diagram in the order of their ranks."""
    places = places or {}
    if type(node) is Union:
        return [way for option in node.options for way in ways(option, path, places)]
    assert type(node) is Product
    if node.place is not None:
        places = {**places, node.place: path}
    own = tuple((path + a.path, a.point.labels[a.option]) for a in node.answers)
    inside = [
        ways(part.node, (path if part.place is None else places[part.place]) + part.path, places)
        for part in node.parts
    ]
    found = []
    for combination in product(*inside):
        amounts = list(node.amounts)
        for part, way in zip(node.parts, combination, strict=True):
            amounts = [a + part.times * b for a, b in zip(amounts, way.amounts, strict=True)]
        answers = own + tuple(answer for way in combination for answer in way.answers)
        found.append(Way(answers, tuple(amounts)))
    return found


class Builder:
    """Makes one diagram, in which no two designs are the same."""

    def __init__(self, seed: int, size: int) -> None:
        self.random = Random(seed)
        self.size = size
        self.shared: list[Node] = []  # nodes that refer to no place outside
        self.named = 0

    def amounts(self) -> tuple[int, int]:
        return self.random.randrange(4), self.random.choice((0, 0, 7, 10**6))

    def path(self, prefix: str) -> str:
        self.named += 1
        return f".{prefix}{self.named}"

    def node(self, depth: int, places: tuple[Place, ...]) -> Node:
        if self.shared and self.random.random() < 0.3:
            return self.random.choice(self.shared)
        kind = self.random.randrange(4)
        if depth == 0 or kind == 0:
            made: Node = self.choice(depth, places)
        else:
            made = self.product((), depth, places)
        if not places:
            self.shared.append(made)
        return made

    def choice(self, depth: int, places: tuple[Place, ...]) -> Node:
        """Alternatives that a choice of their own tells apart."""
        where = point(self.random.randrange(2, 5))
        taken = self.random.sample(range(where.size), self.random.randrange(1, where.size + 1))
        options = [Answer("", where, index) for index in sorted(taken)]
        made = [self.product((answer,), max(depth - 1, 0), places) for answer in options]
        return made[0] if len(made) == 1 else Union(tuple(made))

    def product(
        self, answers: tuple[Answer, ...], depth: int, places: tuple[Place, ...]
    ) -> Product:
        place = Place() if self.random.random() < 0.4 else None
        inner = (*places, place) if place else places
        parts = []
        for _ in range(self.random.randrange(4) if depth else 0):
            times = self.random.choice((1, 1, 1, 0, 5))
            where = self.random.choice(inner) if inner and self.random.random() < 0.3 else None
            node = self.node(depth - 1, inner)
            parts.append(Part(node, self.path("part"), where, times))
        if self.random.random() < 0.2:
            parts.append(Part(Product((), (), self.amounts())))
        return Product(answers, tuple(parts), self.amounts(), place)


def diagram(seed: int, size: int = 400) -> Node:
    """A diagram of 8 to ``size`` designs."""
    while True:
        node = Builder(seed, size).node(3, ())
        if 8 <= node.count <= size:
            return node
        seed += 1_000_003
