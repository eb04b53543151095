"""Max pooling."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from archdsl.ops.base import Saves, Synonyms
from archdsl.ops.convolution._window import padded
from archdsl.ops.pooling._sliding import Sliding
from archdsl.types import TensorType, channels, numel, spatial


@dataclass(frozen=True)
class MaxPool(Sliding):
    """C×H×W → C×H'×W', the largest of each window; also on volumes and sequences.

    The stride is the kernel unless given; the padding left to itself keeps H / stride for odd
    kernels, padding=same for all, rounded up. ceil=true keeps a last window that is only partly
    filled. PyTorch: nn.MaxPool2d.

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
        words={"same": "same", "valid": "0"},
    )
    pools = "Max"
    filler = ', value=float("-inf")'

    def _saves_plain(self, x: TensorType) -> Saves:
        """Its input (or the padded copy of it), and an int64 index for each output."""
        indices = 8 * numel(self.infer(x))
        shape = self._window(spatial(x))
        if shape.behind:
            copied = 4 * channels(x) * prod(padded(spatial(x), shape))
            return Saves(per_sample=copied + indices)
        return Saves(inputs=(0,), per_sample=indices)
