"""Average pooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Saves
from archdsl.ops.parameters import flag
from archdsl.ops.pooling._sliding import Sliding

if TYPE_CHECKING:
    from archdsl.ops.convolution._window import Window
    from archdsl.ops.plumbing._axes import Extent
    from archdsl.types import TensorType


@dataclass(frozen=True)
class AvgPool(Sliding):
    """C×H×W → C×H'×W', the mean of each window; also on volumes and sequences.

    The stride is the kernel unless given; the padding left to itself keeps H / stride for odd
    kernels. count_include_pad=true, PyTorch's default, counts padded zeros as numbers of the
    window. PyTorch: nn.AvgPool2d.

    Errors: a kernel larger than the padded input; padding of more than half of the kernel.
    """

    count_include_pad: bool = flag(True)

    example = "avg_pool(3, stride=1)"
    pools = "Avg"

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves(inputs=(0,))

    def _arguments(self, shape: Window) -> dict[str, Extent | bool]:
        arguments = super()._arguments(shape)
        if not self.count_include_pad:
            arguments["count_include_pad"] = False
        return arguments
