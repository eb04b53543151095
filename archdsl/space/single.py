"""One design of a diagram by its rank, read without keeping anything for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate.designs import shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.diagram import Union
from archdsl.space.sites import OWN, asked

if TYPE_CHECKING:
    from archdsl.space.diagram import Answer, Node, Place, Product


def single(root: Node, rank: int) -> dict[str, Any]:
    """The design of a rank: the value of each choice by its name, in about the order in which
    evaluating asks for them. A continuous choice has the lower end of its interval."""
    design: dict[str, Any] = {}
    stack: list[tuple[Node, int, str, dict[Place, str]]] = [(root, rank, "", {})]
    while stack:
        node, rank, path, places = stack.pop()
        if isinstance(node, Union):
            stack.append((*_taken(node, rank), path, places))
            continue
        if rank < 0:  # a product whose parts stand on the stack before and behind it
            design.update(map(_named, node.answers, [path] * len(node.answers)))
            continue
        if node.place is not None:
            places = {**places, node.place: path}
        ranks = _shared_out(node, rank)
        for index in reversed(asked(node)):
            if index == OWN:
                stack.append((node, OWN, path, places))
                continue
            part = node.parts[index]
            begin = path if part.place is None else places[part.place]
            stack.append((part.node, ranks[index], begin + part.path, places))
    return design


def _taken(node: Union, rank: int) -> tuple[Product, int]:
    """The alternative that a rank is in, and the rank in it."""
    for option in node.options:
        if rank < option.count:
            return option, rank
        rank -= option.count
    raise IndexError("there is no design of so high a rank")


def _shared_out(node: Product, rank: int) -> list[int]:
    """The ranks in the parts of a product, of which the last runs fastest."""
    ranks = []
    for part in reversed(node.parts):
        rank, rest = divmod(rank, part.node.count)
        ranks.append(rest)
    return ranks[::-1]


def _named(answer: Answer, path: str) -> tuple[str, Any]:
    point = answer.point
    value = point.low if type(point) is ContinuousPoint else point.labels[answer.option]
    return shown_path(path + answer.path), value
