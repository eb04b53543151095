"""Diagrams for tests: random small ones, and a decoder that knows nothing but what a node is."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from archdsl.space.diagram import Answer, Node, Part, Place, Product, Union

if TYPE_CHECKING:
    from random import Random

MOST_DESIGNS = 400


def decoded(
    node: Node, rank: int, at: str = "", places: dict[Place, str] | None = None
) -> tuple[dict[str, int], tuple[int, ...]]:
    """The design of a rank: its option for each path, and its amounts."""
    while isinstance(node, Union):
        for option in node.options:
            if rank < option.count:
                node = option
                break
            rank -= option.count
    places = {**(places or {}), **({node.place: at} if node.place else {})}
    ranks: list[int] = []
    for part in reversed(node.parts):
        rank, inner = divmod(rank, part.node.count)
        ranks.insert(0, inner)
    assert rank == 0
    answers = {at + answer.path: answer.option for answer in node.answers}
    amounts = node.amounts
    for part, inner in zip(node.parts, ranks, strict=True):
        path = (places[part.place] if part.place else at) + part.path
        more, cost = decoded(part.node, inner, path, places)
        assert not answers.keys() & more.keys(), "no path is answered twice"
        answers |= more
        amounts = tuple(a + part.times * b for a, b in zip(amounts, cost, strict=True))
    return answers, amounts


def designs(node: Node | None) -> dict[frozenset[Any], tuple[int, ...]]:
    """All designs of a diagram, with their amounts; each of them once."""
    if node is None:
        return {}
    found = [decoded(node, rank) for rank in range(node.count)]
    every = {frozenset(answers.items()): amounts for answers, amounts in found}
    assert len(every) == node.count
    return every


def totals(node: Node, weights: tuple[int, ...]) -> list[int]:
    """The totals of all designs, by rank."""
    amounts = [decoded(node, rank)[1] for rank in range(node.count)]
    return [sum(a * b for a, b in zip(one, weights, strict=True)) for one in amounts]


def options(name: str, amounts: list[tuple[int, ...]]) -> Union:
    """A choice between options that cost so much each."""
    return Union(
        tuple(Product((Answer(name, None, i),), (), one) for i, one in enumerate(amounts))  # type: ignore[arg-type]
    )


class Drawing:
    """Random diagrams with shared parts, parts that count several times or not at all, nested
    unions and products, and parts that refer to places above."""

    def __init__(self, random: Random, amounts: int = 2, top: int = 9) -> None:
        self.random = random
        self.amounts = amounts
        self.top = top
        self.names = count()

    def diagram(self) -> Node:
        pool: list[Node] = [self._product([]) for _ in range(2)]
        for _ in range(self.random.randint(2, 9)):
            node = self._union(pool) if self.random.random() < 0.6 else self._product(pool)
            if node.count <= MOST_DESIGNS:
                pool.append(node)
        return pool[-1]

    def _union(self, pool: list[Node]) -> Node:
        number = self.random.randint(1, 4)
        fresh = [self._product(pool if self.random.random() < 0.6 else []) for _ in range(number)]
        shared = [node for node in pool if isinstance(node, Product)]
        if self.random.random() < 0.3:
            fresh.append(self.random.choice(shared))
        return Union(tuple(fresh))

    def _product(self, pool: list[Node]) -> Product:
        name = f".{next(self.names)}"
        place = Place() if self.random.random() < 0.3 else None
        parts = [self._part(pool, f"{name}p{i}") for i in range(self.random.randint(0, 3)) if pool]
        if place and pool:
            inner = self._part(pool, f"{name}below")._replace(place=place)
            parts.insert(0, Part(self._holding(inner), f"{name}deep", None, 1))
        answer = Answer(name, None, self.random.randint(0, 2))  # type: ignore[arg-type]
        return Product((answer,), tuple(parts), self._costs(), place)

    def _holding(self, part: Part) -> Product:
        """A product that holds just one part."""
        return Product((), (part,), self._costs())

    def _part(self, pool: list[Node], path: str) -> Part:
        return Part(self.random.choice(pool), path, None, self.random.choice((1, 1, 1, 0, 2, 3)))

    def _costs(self) -> tuple[int, ...]:
        return tuple(self.random.randint(0, self.top) for _ in range(self.amounts))


def deep(levels: int) -> Node:
    """Choices nested far deeper than Python recurses: one of two options costs 1, the other 2, and
    holds the next one."""
    node: Node = options(".end", [(0,), (1,)])
    for level in range(levels):
        first = Product((Answer(f".{level}", None, 0),), (), (1,))  # type: ignore[arg-type]
        second = Product((Answer(f".{level}", None, 1),), (Part(node, ".in"),), (2,))  # type: ignore[arg-type]
        node = Union((first, second))
    return node
