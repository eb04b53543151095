"""Convolution."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.convolution._grouping import check_groups
from archdsl.ops.convolution._same import convolution
from archdsl.ops.convolution._window import Window, slid, slide, window
from archdsl.ops.padding import looks_ahead
from archdsl.ops.parameters import extent, flag, padding, whole
from archdsl.ops.plumbing._axes import SWAPPED, short
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.plumbing._padding import filled, kept_when_filled
from archdsl.ops.plumbing._weights import kept, lengths, made_weights, spelled
from archdsl.ops.reads import Nearby, Reads, each, grouped
from archdsl.types import Grid, Padded, Sequence, TensorType, channels, resized, spatial

# What nn.Conv2d and its kin take for arguments left out.
LEFT_OUT = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True}


@dataclass(frozen=True)
class Conv(Op):
    """C×H×W → channels×H'×W'; also on volumes, and on sequences over their length.

    H' = (H + 2·padding - dilation·(kernel - 1) - 1) // stride + 1. Left to itself, the padding
    keeps H / stride for odd kernels; padding=same keeps it, rounded up, for all: as in TensorFlow,
    with the odd one behind. groups=x.channels makes it depthwise.
    MACs: out·C/groups·kernel for each position. PyTorch: nn.Conv1d, nn.Conv2d, nn.Conv3d; with
    weights=weight_norm or spectral_norm, in torch.nn.utils.parametrizations of that name.

    Errors: a kernel larger than the padded input; groups that do not divide the channels, in or
    out; an extent with another number of sizes than the input has axes.
    """

    channels: int = whole()
    kernel: int | tuple[int, ...] = extent()
    stride: int | tuple[int, ...] = extent(1)
    padding: int | tuple[int, ...] | str | None = padding()
    dilation: int | tuple[int, ...] = extent(1)
    groups: int = whole(1)
    bias: bool = flag(True)
    weights: str = made_weights()

    traits = frozenset({Trait.WEIGHTED, Trait.CONVOLUTION, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "conv(64, 7, stride=2)"
    synonyms = Synonyms(
        torch=("Conv1d", "Conv2d", "Conv3d", "LazyConv1d", "LazyConv2d", "LazyConv3d"),
        keras=("Conv1D", "Conv2D", "Conv3D", "Convolution1D", "Convolution2D"),
        others=("convolution",),
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
        takes=("", "channels", "kernel", "stride", "padding", "dilation", "groups", "bias"),
        defaults={"padding": "0"},
        words={"same": "same", "valid": "0"},
    )
    attribute = "conv"
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind(self.word(), x, GRIDS, help="linear works on vectors and graph nodes")
        if self.groups != 1:
            check_groups(self.groups, channels(x), self.channels)
        sizes = spatial(x)
        return resized(x, self.channels, slide(sizes, self._window(sizes)))

    def params(self, *inputs: TensorType) -> int:
        shape = self._weight(inputs[0])
        return prod(shape) + self.channels * self.bias + lengths(self.weights, shape)

    def macs(self, *inputs: TensorType) -> int:
        sizes = spatial(inputs[0])
        return prod(self._weight(inputs[0])) * prod(slide(sizes, self._window(sizes)))

    def saves(self, *inputs: TensorType) -> Saves:
        plain = self._saves_plain(*inputs)
        return kept_when_filled(plain, inputs[0]) if looks_ahead(self, *inputs) else plain

    def _saves_plain(self, *inputs: TensorType) -> Saves:
        """Its input, or a copy with one more behind where padding=same puts an odd number."""
        (x,) = inputs
        shape, made = self._window(spatial(x)), kept(self.weights, self._weight(x), out=0)
        if not shape.behind:
            return Saves(inputs=(0,), fixed=made)
        more = zip(spatial(x), shape.padding, shape.behind, strict=True)
        padded = prod(n + b - p for n, p, b in more)
        return Saves(fixed=made, per_sample=4 * channels(x) * padded)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        shape = self._window(spatial(x))
        each_axis = zip(shape.kernel, shape.stride, shape.padding, shape.dilation, strict=True)
        mixed = grouped(self.groups, channels(x), self.channels)
        return (each(x, [Nearby(*sizes) for sizes in each_axis], mixed),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, GRIDS)
        apply = SWAPPED if isinstance(x, Sequence) else "{m}({x})"
        plain = spelled(self._spelled_plain(x, apply), self.weights)
        return filled(plain, x) if looks_ahead(self, x) else plain

    def rows(self, given: Padded, *inputs: TensorType) -> Padded:
        return slid(given, self._window(spatial(inputs[0])), self.padding)

    def channels_last(self, x: TensorType) -> Spelling | None:
        """Where each position reads itself alone, a fully connected layer of the channels."""
        sizes = spatial(x)
        shape = self._window(sizes)
        by_one = {*shape.kernel, *shape.stride, self.groups} == {1}
        if not by_one or slide(sizes, shape) != sizes:
            return None
        arguments = {
            "in_features": channels(x),
            "out_features": self.channels,
            "bias": self.bias,
        }
        module = Construct("nn.Linear", arguments, positional=2, defaults={"bias": True})
        return spelled(Spelling(module), self.weights)

    def _spelled_plain(self, x: Grid, apply: str) -> Spelling:
        axes, shape = len(spatial(x)), self._window(spatial(x))
        arguments: dict[str, Any] = {
            "in_channels": channels(x),
            "out_channels": self.channels,
            "kernel_size": short(shape.kernel),
            "stride": short(shape.stride),
            "padding": "same" if isinstance(self.padding, str) else short(shape.padding),
            "dilation": short(shape.dilation),
            "groups": self.groups,
            "bias": self.bias,
        }
        even = set(shape.stride) != {1} or any(reach % 2 == 0 for reach in shape.reach())
        if isinstance(self.padding, str) and even:
            made = convolution(axes)
            defaults = {**LEFT_OUT, "padding": "same"}
            construct = Construct(made.name, arguments, positional=2, defaults=defaults)
            return Spelling(construct, apply=apply, definitions=(made,))
        construct = Construct(f"nn.Conv{axes}d", arguments, positional=2, defaults=LEFT_OUT)
        return Spelling(construct, apply=apply)

    def _window(self, sizes: tuple[int, ...]) -> Window:
        return window(sizes, self.kernel, self.stride, self.padding, self.dilation)

    def _weight(self, x: TensorType) -> tuple[int, ...]:
        """The sizes of the kernel as PyTorch lays it out."""
        shape = self._window(spatial(x))
        return (self.channels, channels(x) // self.groups, *shape.kernel)
