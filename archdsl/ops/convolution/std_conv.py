"""Convolution by standardised weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import ClassVar

from archdsl.ops.base import OpError, Saves, Spelling, Synonyms
from archdsl.ops.convolution._std_text import definition
from archdsl.ops.convolution.conv import Conv
from archdsl.ops.parameters import flag, real
from archdsl.types import TensorType, spatial


@dataclass(frozen=True)
class StdConv(Conv):
    """As conv, by kernels whose weights are brought to a mean of 0 and a variance of 1 for each
    channel that flows out, whenever they are read (weight standardization, Qiao et al., 2019; BiT).

    ``scaled`` multiplies them by gamma / sqrt(C/groups·kernel) and a learned gain for each channel
    (scaled weight standardization, Brock et al., 2021; NFNet); ``gamma`` makes up for what the
    activation before takes from the variance: 1.7015 for gelu, 1.7139 for relu, 1.7881 for silu.
    timm: StdConv2d, ScaledStdConv2d.

    Errors: as conv; kernels of a single weight, of which nothing is left; padding=same; gamma
    without scaled.
    """

    weights: ClassVar[str] = "plain"  # type: ignore[misc]
    scaled: bool = flag(False)
    gamma: float = real(1.0, minimum=0)
    eps: float = real(1e-6, minimum=0)

    example = "std_conv(64, 3, bias=false)"
    synonyms = Synonyms(
        others=("StdConv2d", "ScaledStdConv2d", "weight_standardization"),
        arguments={"in_channels": "", "out_channels": "channels", "kernel_size": "kernel"},
        takes=("", "channels", "kernel", "stride", "padding", "dilation", "groups", "bias"),
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        if isinstance(self.padding, str):
            raise uneven("std_conv")
        out = super().infer(*inputs)
        if prod(self._weight(inputs[0])[1:]) == 1:
            raise _of_one_weight()
        if self.gamma != 1 and not self.scaled:
            raise _unscaled()
        return out

    def params(self, *inputs: TensorType) -> int:
        return super().params(*inputs) + self.channels * self.scaled

    def _saves_plain(self, *inputs: TensorType) -> Saves:
        """What flows in, the standardised weights, their means and deviations, and the gains."""
        statistics = (3 if self.scaled else 2) * self.channels
        return Saves(inputs=(0,), fixed=4 * (prod(self._weight(inputs[0])) + statistics))

    def spelling(self, *inputs: TensorType) -> Spelling:
        plain = super().spelling(*inputs)
        written = definition(len(spatial(inputs[0])), self.scaled)
        assert plain.module is not None
        gamma = {"gamma": self.gamma} if self.scaled else {}
        module = replace(
            plain.module,
            callee=written.name,
            arguments={**plain.module.arguments, **gamma, "eps": self.eps},
            defaults={**plain.module.defaults, **dict.fromkeys(gamma, 1.0), "eps": 1e-6},
        )
        return replace(
            plain,
            module=module,
            definitions=(*plain.definitions, written),
        )

    def channels_last(self, x: TensorType) -> Spelling | None:
        return None


def uneven(word: str) -> OpError:
    """Of a convolution that has no padding that may be another on each side."""
    return OpError(
        f"{word} pads alike on both sides, and padding=same may not",
        needed="padding left out, or a whole number",
        help="pad before it where one side gets more: `pad(0, after=1)`",
        argument="padding",
    )


def _of_one_weight() -> OpError:
    return OpError(
        "each kernel has a single weight, and less its own mean that is 0",
        needed="kernels of several weights",
        help="take `conv`, whose weights are used as they are",
    )


def _unscaled() -> OpError:
    return OpError(
        "gamma is a factor of scaled weights, and these are not scaled",
        needed="`scaled=true`, or gamma left out",
        argument="gamma",
    )
