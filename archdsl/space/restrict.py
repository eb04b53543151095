"""The diagram of just those designs whose total lies within limits.

It is a diagram like any other: it is counted, sampled, ordered and restricted again in the same
ways. Where no design can break a limit any more, it is made of the nodes that it comes from.

It is built from the root down, with a budget of which each choice takes its share. The parts of a
product are gone through one after another, each *position* being a part with all that comes after
it. A position is kept as it is under a budget that all its designs keep to, and dropped under one
that none keeps to. Between the two, budgets that admit the same designs share one node: each
result tells from which budget to which it stays the same, as in Abío et al., "A new look at BDDs
for pseudo-Boolean constraints", JAIR 2012. So a position has no more nodes than there are
different totals of the choices before it, nor than of those that it holds itself.

For `conv(1 | 8, 1) -> conv(2 | 4, 1)`, whose channels add up to at most 9, what stands before the
second choice leaves it a budget of 8 or 1: with 8 it is kept as it is, with 1 nothing is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.space.diagram import Part, ordered
from archdsl.space.explore.explorer import collecting_later
from archdsl.space.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node

STATES = 1_000_000


class TooLarge(Exception):
    """A restricted diagram would have more states than allowed."""


def restricted(
    node: Node,
    weights: Weights,
    least: int | None = None,
    most: int | None = None,
    states: int = STATES,
    spend: Callable[[int], None] | None = None,
) -> Node | None:
    """The designs whose total is at least ``least`` and at most ``most`` (None: no limit).

    None where there is no such design, the node itself where all are such. Paths and places are
    kept, so each design has the same answers as before; its rank is another one. Raises
    :class:`TooLarge` where one of the limits takes more than ``states`` states: pairs of an option
    and a budget that is left to what comes after it. ``spend`` is told of so many at a time.
    """
    spend = spend or _nothing
    found: Node | None = node
    if most is not None:
        found = _at_most(node, weights, most, states, spend)
    if least is not None and found is not None:
        found = _at_most(found, tuple(-weight for weight in weights), -least, states, spend)
    return found


def _nothing(states: int) -> None:
    pass


def _at_most(
    root: Node, weights: Weights, most: int, states: int, spend: Callable[[int], None]
) -> Node | None:
    """The designs whose total keeps to a budget; without recursion, as diagrams may be deep."""
    nodes = ordered(root)
    spend(len(nodes))
    opening = Opening(nodes, weights)
    first = opening.position(Part(root), None)
    stack = [(first, most)]  # what is asked for; below each what asked for it
    with collecting_later():
        while stack:
            position, budget = stack[-1]
            if position.result(budget) is not None:
                stack.pop()
                continue
            asked = opening.asked(position, budget)
            results = [inner.result(left) for inner, left in asked]
            missing = [pair for pair, result in zip(asked, results, strict=True) if result is None]
            if missing:
                stack.extend(missing)
                continue
            states -= len(asked)
            spend(len(asked))
            if states < 0:
                raise TooLarge
            position.add(opening.joined(position, budget, asked, results))  # type: ignore[arg-type]
            stack.pop()
    found = first.result(most)
    return found.part.node if found and found.part else None
