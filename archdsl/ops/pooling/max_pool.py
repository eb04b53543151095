"""Max pooling."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Saves, Synonyms
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
    synonyms = Synonyms(
        torch=("MaxPool1d", "MaxPool2d", "MaxPool3d", "max_pool2d"),
        keras=(
            "MaxPooling1D",
            "MaxPooling2D",
            "MaxPooling3D",
            "MaxPool1D",
            "MaxPool2D",
            "MaxPool3D",
        ),
        arguments={
            "kernel_size": "kernel",
            "pool_size": "kernel",
            "strides": "stride",
            "ceil_mode": "ceil",
        },
        takes=("kernel", "stride", "padding"),
        defaults={"padding": "0"},
        words={"same": "", "valid": "0"},
    )
    pools = "Max"

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input, and an int64 index for each output."""
        return Saves(inputs=(0,), per_sample=8 * numel(self.infer(*inputs)))
