"""What pooling over all positions shares."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, Trait
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.reads import Reads, pooled
from archdsl.types import Image, TensorType, Vector, Volume, channels


@dataclass(frozen=True)
class OverAll(Op):
    """Pools all positions of each channel into one number."""

    traits = frozenset({Trait.POOLING, Trait.DOWNSAMPLING, Trait.MIXES_POSITIONS})
    attribute = "pool"
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind(self.word(), x, GRIDS, help="graph_pool works on graph nodes")
        return Vector(channels(x))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (pooled(inputs[0]),)


def positions(x: TensorType) -> int | tuple[int, ...]:
    """PyTorch's axes of the positions."""
    if isinstance(x, Image):
        return (2, 3)
    return (2, 3, 4) if isinstance(x, Volume) else 1
