"""The metrics of a design that follow from its graph alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import types
from archdsl.cost.precision import WEIGHT
from archdsl.graph.flow import carry
from archdsl.ops.base import Trait
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.graph.nodes import Graph, OpNode


def params(graph: Graph, precision: str) -> int:
    """Learned numbers."""
    return graph.params


def macs(graph: Graph, precision: str) -> int:
    """Multiply-accumulates of convolution, linear and attention products for one sample."""
    return graph.macs


def flops(graph: Graph, precision: str) -> int:
    """Twice the MACs."""
    return 2 * graph.macs


def weights_size(graph: Graph, precision: str) -> Quantity:
    """Bytes of the learned numbers at the precision they are stored in."""
    return Quantity(graph.params * WEIGHT[precision], "bytes")


def depth(graph: Graph, precision: str) -> int:
    """Weighted layers on the longest path."""

    def rule(node: OpNode, before: list[int]) -> int:
        return max(before) + (Trait.WEIGHTED in node.op.traits)

    return carry(graph, 0, rule)


def _widths(graph: Graph) -> list[int]:
    """Channels of every weighted layer but the last, the head."""
    found: list[int] = []

    def rule(node: OpNode, before: list[None]) -> None:
        if Trait.WEIGHTED in node.op.traits:
            found.append(types.channels(node.out))

    carry(graph, None, rule)
    return found[:-1] or found or [types.channels(graph.model.takes)]


def min_width(graph: Graph, precision: str) -> int:
    """Channels of the narrowest weighted layer before the head."""
    return min(_widths(graph))


def max_width(graph: Graph, precision: str) -> int:
    """Channels of the widest weighted layer before the head."""
    return max(_widths(graph))


class Reach(NamedTuple):
    """How far one position sees along an axis, and how far apart positions are, in input steps."""

    field: int = 1
    jump: int = 1


def receptive_field(graph: Graph, precision: str) -> int:
    """Input positions along the first spatial axis that the result's positions can see at most.

    The recurrence of Araujo et al., 2019 (Distill): r += (k - 1)·j, j *= s. An op that reads all
    positions sees everything.
    """
    extent = max(types.spatial(graph.model.takes) or (1,))
    return min(carry(graph, Reach(), _reach).field, extent)


def _reach(node: OpNode, before: list[Reach]) -> Reach:
    field, jump = max(r.field for r in before), max(r.jump for r in before)
    window = node.op.window(*node.inputs)
    if window is None:
        return Reach(field, jump)
    kernel, stride = window
    return Reach(field + (kernel - 1) * jump, jump * stride)


METRICS: dict[str, Callable[[Graph, str], Any]] = {
    "params": params,
    "macs": macs,
    "flops": flops,
    "weights_size": weights_size,
    "depth": depth,
    "min_width": min_width,
    "max_width": max_width,
    "receptive_field": receptive_field,
}
