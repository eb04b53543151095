"""Learned numbers and multiply-accumulates, of a graph or any part of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.compose import Sums, summary
from archdsl.graph.nodes import Graph

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.graph.nodes import Fragment, Node, OpNode


class ParameterCount(Sums):
    """Learned numbers."""

    def own(self, node: OpNode) -> int:
        return node.op.params(*node.inputs)


class TrainableCount(Sums):
    """Learned numbers that training changes: those of no frozen part."""

    def own(self, node: OpNode) -> int:
        return 0 if node.learning else node.op.params(*node.inputs)


class MacCount(Sums):
    """Multiply-accumulates of convolution, linear and attention products, for one sample."""

    def own(self, node: OpNode) -> int:
        return node.op.macs(*node.inputs)


PARAMETERS = ParameterCount()
TRAINABLE = TrainableCount()
MACS = MacCount()


def params(part: Graph | Node | Fragment) -> int:
    """Learned numbers, those of every copy and of each merged branch included."""
    return _count(PARAMETERS, part)


def trainable(part: Graph | Node | Fragment) -> int:
    """Learned numbers that training changes, as `params` counts them."""
    return _count(TRAINABLE, part)


def macs(part: Graph | Node | Fragment) -> int:
    """Multiply-accumulates for one sample, those of every copy and of each branch included."""
    return _count(MACS, part)


def own_params(node: OpNode) -> int:
    """Learned numbers of an op without those of the layers it merges."""
    return PARAMETERS.own(node)


def own_macs(node: OpNode) -> int:
    """Multiply-accumulates of an op without those of the layers it merges."""
    return MACS.own(node)


def _count(composition: Composition, part: Graph | Node | Fragment) -> int:
    inside = part.model if isinstance(part, Graph) else part
    return summary(composition, inside).amounts[0]
