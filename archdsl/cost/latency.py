"""Seconds of a forward pass by a roofline: an op takes as long as its arithmetic or its traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.graph.flat import Flat
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import Graph, OpNode
    from archdsl.spec.device import Device

HALF = ("bf16", "fp16", "amp")


def latency(graph: Graph, device: Device, precision: str = "fp32", batch: int = 1) -> float:
    """Seconds of one forward pass of a batch.

    The sum over ops of max(FLOPs / compute, bytes / bandwidth) + overhead (Williams et al., 2009,
    the roofline model). For a device known by its datasheet only, real runs are slower: take it as
    a lower bound with a factor of two to three above it.
    """
    return sum(seconds(step, device, precision, batch) for step in Flat(graph).steps)


def seconds(step: Step, device: Device, precision: str, batch: int) -> float:
    """Seconds of one op; a view takes none."""
    node = step.node
    if Trait.VIEW in node.op.traits:
        return 0.0
    half = precision in HALF
    rate = device.compute_half if half and device.compute_half else device.compute
    work = batch * (2 * own_macs(node) or types.numel(node.out))
    traffic = (2 if half else 4) * (batch * _moved(node) + own_params(node))
    return max(work / rate, traffic / device.bandwidth) + device.overhead


def own_macs(node: OpNode) -> int:
    """MACs of an op without those of the branches it merges."""
    return node.macs - sum(branch.macs for branch in node.branches)


def own_params(node: OpNode) -> int:
    """Parameters of an op without those of the branches it merges."""
    return node.params - sum(branch.params for branch in node.branches)


def _moved(node: OpNode) -> int:
    """Numbers read and written, per sample."""
    return types.numel(node.out) + sum(types.numel(tensor) for tensor in node.inputs)


def throughput(graph: Graph, device: Device, precision: str = "fp32", batch: int = 1) -> float:
    """Samples per second."""
    return batch / latency(graph, device, precision, batch)
