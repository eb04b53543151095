"""The least and the largest total of all designs, each with a design that has it.

A *total* is a sum over everything that a design goes through: of each product its own amounts,
each times its weight, and of each part its total, times how often the part counts. The shortest
and the longest way through a diagram give its bounds: one step for each arc.
"""

from __future__ import annotations

from operator import mul
from typing import TYPE_CHECKING, NamedTuple

from archdsl.space.diagram import Union, ordered

if TYPE_CHECKING:
    from archdsl.space.diagram import Node, Product

Weights = tuple[int, ...]  # for each amount of a product, what one of it adds to the total


class Ranked(NamedTuple):
    """A total, and the rank of a design that has it: the first, where bounds are asked for."""

    value: int
    rank: int


class Ends(NamedTuple):
    """The least and the largest total of the designs of a node."""

    least: int
    largest: int


def least(root: Node, weights: Weights) -> Ranked:
    """The least total, with the rank of the first design that has it."""
    found: list[Ranked] = []
    for node in ordered(root):
        if type(node) is Union:
            found.append(_least_option(node, found))
        else:
            found.append(_least_parts(node, weights, found))  # type: ignore[arg-type]
    return found[-1]


def largest(root: Node, weights: Weights) -> Ranked:
    """The largest total, with the rank of the first design that has it."""
    value, rank = least(root, tuple(-weight for weight in weights))
    return Ranked(-value, rank)


def own(product: Product, weights: Weights) -> int:
    """What a product adds to a total by itself, its parts left out."""
    return sum(map(mul, product.amounts, weights))


def all_ends(nodes: list[Node], weights: Weights) -> list[Ends]:
    """The ends of the nodes of a diagram, in the order given by ``ordered``."""
    lows: list[int] = []
    highs: list[int] = []
    for node in nodes:
        if type(node) is Union:
            places = [option.order for option in node.options]
            lows.append(min([lows[place] for place in places]))
            highs.append(max([highs[place] for place in places]))
        else:
            low = high = own(node, weights)  # type: ignore[arg-type]
            for inner, _, _, times in node.parts:  # type: ignore[union-attr]
                low += times * lows[inner.order]
                high += times * highs[inner.order]
            lows.append(low)
            highs.append(high)
    return list(map(Ends, lows, highs))


def _least_option(node: Union, found: list[Ranked]) -> Ranked:
    best: Ranked | None = None
    before = 0
    for option in node.options:
        value, rank = found[option.order]
        if best is None or value < best.value:
            best = Ranked(value, before + rank)
        before += option.count
    assert best is not None, "a union has options"
    return best


def _least_parts(node: Product, weights: Weights, found: list[Ranked]) -> Ranked:
    total, rank = own(node, weights), 0
    for part in node.parts:
        value, inner = found[part.node.order]
        total += part.times * value
        rank = rank * part.node.count + (inner if part.times else 0)
    return Ranked(total, rank)
