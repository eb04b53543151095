"""Transposed convolution."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from archdsl.ops.base import Branches, Construct, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.convolution._grouping import check_groups
from archdsl.ops.convolution._window import Window, window
from archdsl.ops.convolution.conv import LEFT_OUT
from archdsl.ops.parameters import extent, flag, whole
from archdsl.ops.plumbing._axes import SWAPPED, Extent, short, spread
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.plumbing._target import target
from archdsl.ops.plumbing._weights import kept, lengths, made_weights, spelled
from archdsl.ops.reads import Reads, Spread, each, grouped, nothing
from archdsl.types import Sequence, TensorType, channels, resized, said, spatial


@dataclass(frozen=True)
class ConvTranspose(Op):
    """C×H×W → channels×H'×W', a convolution turned round, mostly to enlarge; also on volumes and
    sequences. H' = (H - 1)·stride - 2·padding + dilation·(kernel - 1) + 1 + output_padding, which
    like=skip chooses so that the size is that of another tensor. The padding left to itself gives
    H·stride where dilation·(kernel - 1) + 1 - stride is even. weights as in conv. PyTorch:
    nn.ConvTranspose2d.

    Errors: output_padding not below the stride or the dilation; a tensor whose size no
    output_padding gives; padding that leaves nothing; groups that do not divide the channels, in or
    out; an extent with another number of sizes than there are axes.
    """

    channels: int = whole()
    kernel: int | tuple[int, ...] = extent()
    stride: int | tuple[int, ...] = extent(1)
    padding: int | tuple[int, ...] | None = extent(None, minimum=0)
    output_padding: int | tuple[int, ...] = extent(0, minimum=0)
    groups: int = whole(1)
    bias: bool = flag(True)
    dilation: int | tuple[int, ...] = extent(1)
    weights: str = made_weights()

    traits = frozenset(
        {Trait.WEIGHTED, Trait.CONVOLUTION, Trait.MIXES_POSITIONS, Trait.AFFINE, Trait.TRANSPOSED}
    )
    branches = Branches(optional=("like",))
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
            "dilation_rate": "dilation",
            "use_bias": "bias",
            "input_shape": "",
        },
        takes=(
            *("", "channels", "kernel", "stride", "padding", "output_padding"),
            *("groups", "bias", "dilation"),
        ),
        defaults={"padding": "0"},
        words={"same": "", "valid": "0"},
    )
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        x = inputs[0]
        if not isinstance(x, GRIDS):
            raise wrong_kind("conv_transpose", x, GRIDS)
        check_groups(self.groups, channels(x), self.channels)
        sizes = self._sizes(spatial(x))
        if len(inputs) > 1:
            sizes = self._sizes_like(sizes, *inputs)
        if min(sizes) < 1:
            padding = short(self._window(len(sizes)).padding)
            message = f"padding {padding} leaves nothing of {said(x)}"
            raise OpError(message, needed="less padding", argument="padding")
        return resized(x, self.channels, sizes)

    def _sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        shape = self._window(len(sizes))
        extra = spread("output_padding", self.output_padding, len(sizes))
        steps = zip(extra, shape.stride, shape.dilation, strict=True)
        if any(e and e >= max(s, d) for e, s, d in steps):
            raise _beyond(short(extra), shape)
        each = zip(sizes, shape.reach(), shape.stride, shape.padding, extra, strict=True)
        return tuple((n - 1) * s - 2 * p + r + e for n, r, s, p, e in each)

    def _sizes_like(self, least: tuple[int, ...], *inputs: TensorType) -> tuple[int, ...]:
        """The size of another tensor, if some output_padding gives it."""
        if self.output_padding != 0:
            raise OpError(
                "output_padding follows from what the result is to be like",
                needed="output_padding, or like=",
                argument="output_padding",
                replacement="0",
            )
        wanted = target("conv_transpose", None, inputs)
        stride = self._window(len(wanted)).stride
        most = tuple(n + s - 1 for n, s in zip(least, stride, strict=True))
        if any(not n <= w <= m for n, w, m in zip(least, wanted, most, strict=True)):
            low, high = ("×".join(map(str, sizes)) for sizes in (least, most))
            raise OpError(
                f"no output_padding makes {said(inputs[0])} as large as {said(inputs[1])}",
                needed=f"a tensor of {low} to {high}",
                help="crop(like=…) or resize(like=…) behind it brings it to any size",
            )
        return wanted

    def params(self, *inputs: TensorType) -> int:
        shape = self._weight(inputs[0])
        return prod(shape) + self.channels * self.bias + lengths(self.weights, shape)

    def macs(self, *inputs: TensorType) -> int:
        return prod(self._weight(inputs[0])) * prod(spatial(inputs[0]))

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves(inputs=(0,), fixed=kept(self.weights, self._weight(inputs[0]), out=1))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        x, *like = inputs
        shape = self._window(len(spatial(x)))
        each_axis = zip(shape.kernel, shape.stride, shape.padding, shape.dilation, strict=True)
        mixed = grouped(self.groups, channels(x), self.channels)
        read = each(x, [Spread(*sizes) for sizes in each_axis], mixed)
        return (read, *(nothing(one, source=1) for one in like))

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = inputs[0]
        axes = len(spatial(x))
        module = self._construct(x, axes)
        if len(inputs) > 1:
            apply = "{m}({0}, output_size={1}.shape[2:])"
            if isinstance(x, Sequence):
                apply = "{m}({0}.transpose(1, 2), output_size={1}.shape[1:2]).transpose(1, 2)"
            return spelled(Spelling(module, apply=apply), self.weights)
        apply = SWAPPED if isinstance(x, Sequence) else "{m}({x})"
        return spelled(Spelling(module, apply=apply), self.weights)

    def _construct(self, x: TensorType, axes: int) -> Construct:
        kernel, stride, padding, dilation = self._window(axes)[:4]
        arguments = {
            "in_channels": channels(x),
            "out_channels": self.channels,
            "kernel_size": short(kernel),
            "stride": short(stride),
            "padding": short(padding),
            "output_padding": short(spread("output_padding", self.output_padding, axes)),
            "groups": self.groups,
            "bias": self.bias,
            "dilation": short(dilation),
        }
        defaults = {**LEFT_OUT, "output_padding": 0}
        return Construct(f"nn.ConvTranspose{axes}d", arguments, positional=2, defaults=defaults)

    def _window(self, axes: int) -> Window:
        return window((1,) * axes, self.kernel, self.stride, self.padding, self.dilation)

    def _weight(self, x: TensorType) -> tuple[int, ...]:
        """The sizes of the kernel as PyTorch lays it out."""
        kernel = self._window(len(spatial(x))).kernel
        return (channels(x), self.channels // self.groups, *kernel)


def _beyond(extra: Extent, shape: Window) -> OpError:
    stride, dilation = short(shape.stride), short(shape.dilation)
    beside = "" if dilation == 1 else f" or dilation {dilation}"
    return OpError(
        f"output_padding {extra} is not below stride {stride}{beside}",
        needed=f"less than the stride{' or the dilation' if beside else ''}",
        argument="output_padding",
    )
