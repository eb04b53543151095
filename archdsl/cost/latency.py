"""Time of a forward pass by a roofline: an op takes as long as its arithmetic or its traffic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.cost.compose import Sums
from archdsl.ops.base import MOVES_NOTHING

if TYPE_CHECKING:
    from archdsl.graph.nodes import OpNode
    from archdsl.spec.device import Device

HALF = ("bf16", "fp16", "amp")
SECOND = 10**15  # femtoseconds: whole ones, so that a sum is the same in any order


@dataclass(frozen=True, eq=False)
class OpTime(Sums):
    """Femtoseconds of a forward pass of a batch, its ops one after another.

    The sum over ops of max(FLOPs / compute, bytes / bandwidth) + overhead (Williams et al., 2009,
    the roofline model).
    """

    device: Device
    batch: int
    in_use: ClassVar[bool] = True
    half: bool  # computed in half precision

    def own(self, node: OpNode) -> int:
        return round(SECOND * seconds(node, self.device, self.batch, self.half))


def seconds(node: OpNode, device: Device, batch: int, half: bool) -> float:
    """Seconds of one op, without those of the layers it merges; a view takes none."""
    if node.op.traits & MOVES_NOTHING:
        return 0.0
    rate = device.compute_half if half and device.compute_half else device.compute
    work = batch * (2 * node.op.macs(*node.inputs) or types.numel(node.out))
    traffic = (2 if half else 4) * (batch * moved(node) + node.op.params(*node.inputs))
    return max(work / rate, traffic / device.bandwidth) + device.overhead


def is_half(precision: str) -> bool:
    """Whether a precision computes in half precision."""
    return precision in HALF


def moved(node: OpNode) -> int:
    """Numbers read and written, per sample."""
    return types.numel(node.out) + sum(types.numel(tensor) for tensor in node.inputs)
