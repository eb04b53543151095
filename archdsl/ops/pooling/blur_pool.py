"""Anti-aliased down-sampling."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from archdsl.ops.base import Construct, Definition, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.convolution._window import Window, padded, slid, slide, window
from archdsl.ops.parameters import extent, whole, word
from archdsl.ops.plumbing._axes import SWAPPED, short
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.plumbing._padding import filled, kept_when_filled, most_copied
from archdsl.ops.pooling._sliding import of_different_lengths
from archdsl.ops.reads import Nearby, NearbyAndCopied, Reads, each
from archdsl.types import (
    Padded,
    Sequence,
    TensorType,
    channels,
    padding,
    resized,
    said,
    spatial,
)

_SOURCE = '''class BlurPool{axes}d(nn.Module):
    """Blurs each channel with a binomial filter, and takes every ``stride``-th position."""

    weight: torch.Tensor

    def __init__(
        self,
        channels: int,
        kernel_size: int = 3,
        stride: {extent} = 2,
        mode: str = "reflect",
    ) -> None:
        super().__init__()
        self.stride, self.mode = stride, mode
        self.padding = [kernel_size // 2] * {sides}
        steps = kernel_size - 1
        row = torch.tensor([math.comb(steps, k) / 2**steps for k in range(kernel_size)])
        weight = {weight}.repeat(channels, 1{ones})
        self.register_buffer("weight", weight, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.pad(x, self.padding, mode=self.mode)
        return F.conv{axes}d(x, self.weight, stride=self.stride, groups=len(self.weight))
'''
_OUTER = ("row", "row[:, None] * row", "row[:, None, None] * row[:, None] * row")


def blurring(axes: int) -> Definition:
    """The class for so many axes."""
    source = _SOURCE.format(
        axes=axes,
        sides=2 * axes,
        extent="int" if axes == 1 else f"int | tuple[{', '.join(['int'] * axes)}]",
        weight="row" if axes == 1 else f"({_OUTER[axes - 1]})",
        ones=", 1" * axes,
    )
    return Definition(f"BlurPool{axes}d", source, ("import math",))


@dataclass(frozen=True)
class BlurPool(Op):
    """C×H×W → C×⌈H/stride⌉×⌈W/stride⌉: every stride-th position of each channel, blurred before
    (Zhang, 2019); also on volumes and sequences.

    Blurred by a fixed binomial filter, 1 2 1 for kernel=3 and 1 4 6 4 1 for kernel=5, a shifted
    picture gives nearly the same. Beyond the border is what mode says, as for pad. In place of a
    strided convolution: ``conv(64, 3) -> relu -> blur_pool``; of max pooling:
    ``max_pool(3, stride=1) -> blur_pool``. MACs: C·kernel² for each position. PyTorch: F.pad, then
    F.conv2d of each channel by itself.

    Errors: an even kernel, which has no middle; a kernel of which more than half lies beyond a
    side; an extent with another number of sizes than the input has axes.
    """

    kernel: int = whole(3, minimum=3, maximum=31)
    stride: int | tuple[int, ...] = extent(2)
    mode: str = word("zeros", "reflect", "replicate", "circular", default="reflect")

    traits = frozenset({Trait.POOLING, Trait.DOWNSAMPLING, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "conv(64, 3) -> relu -> blur_pool(3, stride=2)"
    synonyms = Synonyms(
        others=("BlurPool2d", "BlurPool", "MaxBlurPool2d", "anti_aliased_pool", "blurpool"),
        arguments={"channels": "", "filt_size": "kernel", "pad_mode": "mode"},
        words={"constant": "zeros"},
    )
    attribute = "blur"
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind("blur_pool", x, GRIDS)
        if self.kernel % 2 == 0:
            raise _without_middle(self.kernel)
        most = most_copied(self.mode, min(spatial(x)))
        if most is not None and self.kernel // 2 > most:
            raise _beyond(self, x, most)
        return resized(x, channels(x), slide(spatial(x), self._window(x)))

    def macs(self, *inputs: TensorType) -> int:
        (x,) = inputs
        shape = self._window(x)
        return channels(x) * prod(slide(spatial(x), shape)) * prod(shape.kernel)

    def saves(self, *inputs: TensorType) -> Saves:
        """The padded copy, and where borders are copies also what flows in."""
        (x,) = inputs
        shape = self._window(x)
        around = padded(spatial(x), shape._replace(behind=shape.padding))
        copied = self.mode in ("reflect", "replicate")
        plain = Saves(inputs=(0,) * copied, per_sample=4 * channels(x) * prod(around))
        return kept_when_filled(plain, x) if padding(x) is not None else plain

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        shape = self._window(x)
        along = [Nearby(*sizes) for sizes in zip(*shape[:3], strict=True)]
        if self.mode != "zeros":
            along = [NearbyAndCopied(a.kernel, a.stride, a.before, how=self.mode) for a in along]
        return (each(x, along),)

    def rows(self, given: Padded, *inputs: TensorType) -> Padded:
        if self.mode != "zeros":
            raise of_different_lengths("mode", "zeros")
        return slid(given, self._window(inputs[0]), self.kernel // 2)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        shape = self._window(x)
        definition = blurring(len(shape.kernel))
        arguments = {
            "channels": channels(x),
            "kernel_size": self.kernel,
            "stride": short(shape.stride),
            "mode": "constant" if self.mode == "zeros" else self.mode,
        }
        defaults = {"kernel_size": 3, "stride": 2, "mode": "reflect"}
        module = Construct(definition.name, arguments, positional=1, defaults=defaults)
        apply = SWAPPED if isinstance(x, Sequence) else "{m}({x})"
        return filled(Spelling(module, apply=apply, definitions=(definition,)), x)

    def _window(self, x: TensorType) -> Window:
        return window(spatial(x), self.kernel, self.stride, self.kernel // 2)


def _without_middle(kernel: int) -> OpError:
    return OpError(
        f"kernel={kernel} has no middle, and the filter stands around each position",
        needed="an odd number",
        argument="kernel",
        replacement=str(kernel + 1 if kernel < 4 else kernel - 1),
    )


def _beyond(op: BlurPool, x: TensorType, most: int) -> OpError:
    least = 2 * most + 1
    return OpError(
        f"kernel={op.kernel} reads {op.kernel // 2} beyond the border, and mode={op.mode} cannot"
        f" pad {said(x)} by that",
        needed=f"a kernel of at most {least}" if least > 1 else "mode=zeros or replicate",
        help="zeros and replicate reach as far as one likes",
        argument="kernel" if least > 1 else "mode",
        replacement=str(least) if least > 1 else "replicate",
    )
