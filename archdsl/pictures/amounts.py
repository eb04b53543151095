"""What parts of a graph cost, for bars and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.cost.compose import Sums, summary
from archdsl.cost.counts import macs, own_macs, own_params, params
from archdsl.ops.base import MOVES_NOTHING
from archdsl.pictures.picture import Amounts
from archdsl.types import numel

if TYPE_CHECKING:
    from archdsl.graph.nodes import Node, OpNode

BYTES = 4  # of a number


@dataclass(frozen=True, eq=False)
class NumbersGiven(Sums):
    """Numbers that the ops give for a sample; a view gives none of its own."""

    def own(self, node: OpNode) -> int:
        return 0 if node.op.traits & MOVES_NOTHING else numel(node.out)


GIVEN = NumbersGiven()


def amounts(node: Node) -> Amounts:
    """What a part costs with all inside."""
    weights = params(node)
    return Amounts(weights, macs(node), BYTES * (weights + summary(GIVEN, node).amounts[0]))


def own_amounts(node: OpNode) -> Amounts:
    """What an op costs without the layers it merges."""
    weights = own_params(node)
    return Amounts(weights, own_macs(node), BYTES * (weights + GIVEN.own(node)))


def added(parts: list[Amounts]) -> Amounts:
    """Several parts together."""
    return Amounts(*(sum(one[place] for one in parts) for place in range(len(Amounts._fields))))
