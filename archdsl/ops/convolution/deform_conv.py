"""Deformable convolution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import ClassVar

from archdsl.ops.base import Saves, Spelling, Synonyms, Trait
from archdsl.ops.convolution._deform_text import DEFORM_CONV
from archdsl.ops.convolution._window import slide
from archdsl.ops.convolution.conv import Conv
from archdsl.ops.convolution.std_conv import uneven
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import MIXED, Reads, each
from archdsl.types import Image, TensorType, channels, spatial


@dataclass(frozen=True)
class DeformConv(Conv):
    """C×H×W → channels×H'×W', as conv; each number of the kernel reads where an offset leads it,
    between pixels too, times a mask between 0 and 1. A convolution of the same size gives offsets
    and masks, and begins as zeros, that is as a convolution times a half (DCNv2, Zhu et al., 2019).

    MACs: out·C/groups·kernel and 3·kernel²·C for each position; what is read between pixels is not
    counted. As torchvision.ops.deform_conv2d with a mask, whose compiled kernel it does without.

    Errors: as conv; padding=same; anything but an image.
    """

    weights: ClassVar[str] = "plain"  # type: ignore[misc]

    traits = frozenset({Trait.WEIGHTED, Trait.CONVOLUTION, Trait.MIXES_POSITIONS})
    example = "deform_conv(64, 3)"
    synonyms = Synonyms(
        others=("DeformConv2d", "deform_conv2d", "ModulatedDeformConv2d", "DCN", "DCNv2"),
        arguments={"in_channels": "", "out_channels": "channels", "kernel_size": "kernel"},
        takes=("", "channels", "kernel", "stride", "padding", "dilation", "groups", "bias"),
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        if not isinstance(inputs[0], Image):
            raise wrong_kind("deform_conv", inputs[0], (Image,))
        if isinstance(self.padding, str):
            raise uneven("deform_conv")
        return super().infer(*inputs)

    def params(self, *inputs: TensorType) -> int:
        offsets = 3 * self._reach(inputs[0])
        return super().params(*inputs) + offsets * (
            channels(inputs[0]) * self._reach(inputs[0]) + 1
        )

    def macs(self, *inputs: TensorType) -> int:
        reach = self._reach(inputs[0])
        return super().macs(*inputs) + 3 * reach**2 * channels(inputs[0]) * self._places(inputs[0])

    def saves(self, *inputs: TensorType) -> Saves:
        """What flows in; where each number of the kernel reads, its mask, and what it reads, before
        and after the mask; and the size of the map."""
        (x,) = inputs
        kept = self._reach(x) * self._places(x) * (3 + 2 * channels(x))
        return Saves(inputs=(0,), fixed=8, per_sample=4 * kept)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """Anywhere: the offsets have no bound."""
        return (each(inputs[0], MIXED, MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        plain = super().spelling(*inputs)
        assert plain.module is not None
        module = replace(plain.module, callee=DEFORM_CONV.name)
        return Spelling(module=module, apply=plain.apply, definitions=(DEFORM_CONV,))

    def channels_last(self, x: TensorType) -> Spelling | None:
        return None

    def _reach(self, x: TensorType) -> int:
        """How many numbers a kernel has."""
        return prod(self._window(spatial(x)).kernel)

    def _places(self, x: TensorType) -> int:
        return prod(slide(spatial(x), self._window(spatial(x))))
