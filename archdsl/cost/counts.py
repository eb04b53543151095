"""Learned numbers and multiply-accumulates, of a graph or any part of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.cost.compose import Sums, summary
from archdsl.cost.weights import Weights, weights_applied
from archdsl.graph.nodes import Graph

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.graph.nodes import Fragment, Node, OpNode


def adapter_params(node: OpNode, rank: int) -> int:
    """Numbers in the adapters of an op: of a frozen one, ``rank`` for each feature that flows into
    or out of a dense layer in it."""
    if not rank or not node.learning.is_frozen:
        return 0
    return rank * sum(layer.takes + layer.gives for layer in node.op.dense(*node.inputs))


@dataclass(frozen=True, eq=False)
class ParameterCount(Weights):
    """Learned numbers, with those of adapters of a ``rank`` if training adds them."""

    rank: int = 0

    def own(self, node: OpNode) -> int:
        return node.op.params(*node.inputs) + adapter_params(node, self.rank)


@dataclass(frozen=True, eq=False)
class TrainableCount(Weights):
    """Learned numbers that training changes: those of no frozen part, and of adapters."""

    rank: int = 0

    def own(self, node: OpNode) -> int:
        if node.learning.is_frozen:
            return adapter_params(node, self.rank)
        return node.op.params(*node.inputs)


@dataclass(frozen=True, eq=False)
class MacCount(Sums):
    """Multiply-accumulates of convolution, linear and attention products, for one sample;
    ``in_use`` without those of results of training only."""

    in_use: bool = True  # type: ignore[misc]

    def own(self, node: OpNode) -> int:
        return node.op.macs(*node.inputs)


PARAMETERS = ParameterCount()
TRAINABLE = TrainableCount()
MACS = MacCount()


def params(part: Graph | Node | Fragment) -> int:
    """Learned numbers, those of every copy and of each merged branch included; of a module that is
    applied several times they count once."""
    return _count(PARAMETERS, part)


def trainable(part: Graph | Node | Fragment, rank: int = 0) -> int:
    """Learned numbers that training changes, as `params` counts them; with those of adapters of a
    rank."""
    return _count(TrainableCount(rank) if rank else TRAINABLE, part)


def adapters(part: Graph | Node | Fragment, rank: int) -> int:
    """Numbers in the adapters of a rank."""
    return trainable(part, rank) - trainable(part)


def macs(part: Graph | Node | Fragment, in_use: bool = True) -> int:
    """Multiply-accumulates for one sample, those of every copy and of each branch included; in
    training those of results of training only, too."""
    return _count(MACS if in_use else MacCount(in_use=False), part)


def own_params(node: OpNode) -> int:
    """Learned numbers of an op without those of the layers it merges."""
    return PARAMETERS.own(node)


def own_trainable(node: OpNode, rank: int = 0) -> int:
    """Learned numbers of an op alone that training changes, with those of adapters of a rank."""
    return (TrainableCount(rank) if rank else TRAINABLE).own(node)


def own_macs(node: OpNode) -> int:
    """Multiply-accumulates of an op without those of the layers it merges."""
    return MACS.counted(node)


def _count(composition: Composition, part: Graph | Node | Fragment) -> int:
    inside = part.model if isinstance(part, Graph) else part
    found = summary(composition, inside)
    return found.amounts[0] + weights_applied(found)
