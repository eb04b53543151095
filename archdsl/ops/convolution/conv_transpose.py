"""Transposed convolution."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from archdsl.ops.base import Construct, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.convolution._grouping import check_groups
from archdsl.ops.convolution._window import Window, window
from archdsl.ops.parameters import extent, flag, whole
from archdsl.ops.plumbing._axes import SWAPPED, short, spread
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.reads import Reads, Spread, each, grouped
from archdsl.types import Sequence, TensorType, channels, resized, said, spatial


@dataclass(frozen=True)
class ConvTranspose(Op):
    """C×H×W → channels×H'×W', a convolution turned round, mostly to enlarge; also on volumes and
    sequences. H' = (H - 1)·stride - 2·padding + kernel + output_padding. The padding left to itself
    gives H·stride where kernel - stride is even. PyTorch: nn.ConvTranspose2d.

    Errors: output_padding not below the stride; padding that leaves nothing; groups that do not
    divide the channels, in or out; an extent with another number of sizes than there are axes.
    """

    channels: int = whole()
    kernel: int | tuple[int, ...] = extent()
    stride: int | tuple[int, ...] = extent(1)
    padding: int | tuple[int, ...] | None = extent(None, minimum=0)
    output_padding: int | tuple[int, ...] = extent(0, minimum=0)
    groups: int = whole(1)
    bias: bool = flag(True)

    traits = frozenset(
        {Trait.WEIGHTED, Trait.CONVOLUTION, Trait.MIXES_POSITIONS, Trait.AFFINE, Trait.TRANSPOSED}
    )
    example = "conv_transpose(8, 2, stride=2)"
    synonyms = Synonyms(
        torch=("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"),
        keras=("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
        others=("deconv",),
        arguments={
            "in_channels": "",
            "out_channels": "channels",
            "filters": "channels",
            "kernel_size": "kernel",
            "strides": "stride",
            "use_bias": "bias",
            "input_shape": "",
        },
        takes=("", "channels", "kernel", "stride", "padding", "output_padding", "groups", "bias"),
        defaults={"padding": "0"},
        words={"same": "", "valid": "0"},
    )
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind("conv_transpose", x, GRIDS)
        check_groups(self.groups, channels(x), self.channels)
        sizes = self._sizes(spatial(x))
        if min(sizes) < 1:
            padding = short(self._window(len(sizes)).padding)
            message = f"padding {padding} leaves nothing of {said(x)}"
            raise OpError(message, needed="less padding", argument="padding")
        return resized(x, self.channels, sizes)

    def _sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        kernel, stride, padding, _ = self._window(len(sizes))
        extra = spread("output_padding", self.output_padding, len(sizes))
        if any(e and e >= s for e, s in zip(extra, stride, strict=True)):
            raise OpError(
                f"output_padding {short(extra)} is not below stride {short(stride)}",
                needed="less than the stride",
                argument="output_padding",
            )
        each = zip(sizes, kernel, stride, padding, extra, strict=True)
        return tuple((n - 1) * s - 2 * p + k + e for n, k, s, p, e in each)

    def params(self, *inputs: TensorType) -> int:
        return self._weight(inputs[0]) + self.channels * self.bias

    def macs(self, *inputs: TensorType) -> int:
        return self._weight(inputs[0]) * prod(spatial(inputs[0]))

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves(inputs=(0,))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        shape = self._window(len(spatial(x)))
        each_axis = zip(shape.kernel, shape.stride, shape.padding, strict=True)
        mixed = grouped(self.groups, channels(x), self.channels)
        return (each(x, [Spread(*sizes) for sizes in each_axis], mixed),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        axes = len(spatial(x))
        module = Construct(f"nn.ConvTranspose{axes}d", self._arguments(x, axes), positional=2)
        return Spelling(module, apply=SWAPPED if isinstance(x, Sequence) else "{m}({x})")

    def _arguments(self, x: TensorType, axes: int) -> dict[str, int | bool | tuple[int, ...]]:
        kernel, stride, padding, _ = self._window(axes)
        extra = spread("output_padding", self.output_padding, axes)
        extents = {
            "kernel_size": short(kernel),
            **({} if set(stride) == {1} else {"stride": short(stride)}),
            **({"padding": short(padding)} if any(padding) else {}),
            **({"output_padding": short(extra)} if any(extra) else {}),
        }
        groups = {} if self.groups == 1 else {"groups": self.groups}
        bias = {} if self.bias else {"bias": False}
        return {
            "in_channels": channels(x),
            "out_channels": self.channels,
            **extents,
            **groups,
            **bias,
        }

    def _window(self, axes: int) -> Window:
        return window(axes, self.kernel, self.stride, self.padding)

    def _weight(self, x: TensorType) -> int:
        kernel = self._window(len(spatial(x))).kernel
        return channels(x) * (self.channels // self.groups) * prod(kernel)
