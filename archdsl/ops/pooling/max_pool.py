"""Max pooling."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Saves
from archdsl.ops.pooling._sliding import Sliding
from archdsl.types import TensorType, numel


@dataclass(frozen=True)
class MaxPool(Sliding):
    """C×H×W → C×H'×W', the largest of each window; also on volumes and sequences.

    The stride is the kernel unless given; the padding left to itself keeps H / stride for odd
    kernels. ceil=true keeps a last window that is only partly filled. PyTorch: nn.MaxPool2d.

    Errors: a kernel larger than the padded input; padding of more than half of the kernel.
    """

    example = "max_pool(3, stride=2)"
    pools = "Max"

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input, and an int64 index for each output."""
        return Saves(inputs=(0,), per_sample=8 * numel(self.infer(*inputs)))
