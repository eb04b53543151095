"""Average pooling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from archdsl.ops.base import OpError, Saves, Synonyms, Trait
from archdsl.ops.convolution._window import padded
from archdsl.ops.parameters import flag
from archdsl.ops.plumbing._axes import as_written, short
from archdsl.ops.pooling._sliding import Sliding, of_different_lengths
from archdsl.types import Padded, Volume, channels, spatial

if TYPE_CHECKING:
    from archdsl.ops.base import Construct
    from archdsl.ops.convolution._window import Window
    from archdsl.types import TensorType


@dataclass(frozen=True)
class AvgPool(Sliding):
    """C×H×W → C×H'×W', the mean of each window; also on volumes and sequences.

    The stride is the kernel unless given; the padding left to itself keeps H / stride for odd
    kernels, padding=same for all, rounded up. count_include_pad=true, PyTorch's default, counts
    padded zeros as numbers of the window. PyTorch: nn.AvgPool2d.

    Errors: a kernel larger than the padded input, on volumes than the input without its padding;
    padding of more than half of the kernel.
    """

    count_include_pad: bool = flag(True)

    traits = Sliding.traits | {Trait.AFFINE}
    example = "avg_pool(3, stride=1)"
    synonyms = Synonyms(
        torch=("AvgPool1d", "AvgPool2d", "AvgPool3d", "avg_pool2d"),
        keras=("AveragePooling1D", "AveragePooling2D", "AveragePooling3D"),
        others=("average_pool",),
        arguments={
            "kernel_size": "kernel",
            "pool_size": "kernel",
            "strides": "stride",
            "ceil_mode": "ceil",
        },
        takes=("kernel", "stride", "padding", "ceil", "count_include_pad"),
        defaults={"padding": "0"},
        words={"same": "same", "valid": "0"},
    )
    pools = "Avg"

    def infer(self, *inputs: TensorType) -> TensorType:
        out = super().infer(*inputs)
        x = inputs[0]
        shape = self._window(spatial(x))
        if shape.behind and not self.count_include_pad:
            raise _uneven()
        kernel = shape.kernel
        if (
            not shape.behind
            and isinstance(x, Volume)
            and any(k > n for k, n in zip(kernel, spatial(x), strict=True))
        ):
            raise self._larger_than(x, kernel)
        return out

    def rows(self, given: Padded, *inputs: TensorType) -> Padded:
        if not self.count_include_pad and any(self._window(spatial(inputs[0])).padding):
            raise of_different_lengths("count_include_pad", "true")
        return super().rows(given, *inputs)

    def _larger_than(self, x: Volume, kernel: tuple[int, ...]) -> OpError:
        sizes = "×".join(map(str, spatial(x)))
        shown = short(kernel) if isinstance(short(kernel), int) else "×".join(map(str, kernel))
        return OpError(
            f"kernel {shown} is larger than the volume of {sizes}, which its padding does not help",
            needed=f"a kernel of at most {sizes}",
            help=self._padded_before(x)
            or "take a smaller kernel, or shrink the volume less before",
            argument="kernel",
        )

    def _padded_before(self, x: Volume) -> str:
        """How to write the same with the padding in a step of its own, where that helps."""
        window = self._window(spatial(x))
        if not self.count_include_pad or not any(window.padding):
            return ""
        padding, stride = (as_written(short(size)) for size in (window.padding, window.stride))
        sizes = zip(spatial(x), window.padding, window.kernel, strict=True)
        if self.ceil or any(n + 2 * p < k for n, p, k in sizes):
            return ""
        kernel = as_written(self.kernel)
        return f"write `pad({padding}) -> avg_pool({kernel}, stride={stride}, padding=0)`"

    def _saves_plain(self, x: TensorType) -> Saves:
        shape = self._window(spatial(x))
        if shape.behind:
            return Saves(per_sample=4 * channels(x) * prod(padded(spatial(x), shape)))
        return Saves(inputs=(0,))

    def _construct(self, shape: Window, axes: int) -> Construct:
        plain = super()._construct(shape, axes)
        return replace(
            plain,
            arguments={**plain.arguments, "count_include_pad": self.count_include_pad},
            defaults={**plain.defaults, "count_include_pad": True},
        )


def _uneven() -> OpError:
    return OpError(
        "more is put around behind than in front, and a mean without it has no kernel in PyTorch",
        needed="count_include_pad=true, or another padding",
        argument="count_include_pad",
        replacement="true",
    )
