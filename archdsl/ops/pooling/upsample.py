"""Enlarging without weights."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.parameters import extent, flag, word
from archdsl.ops.plumbing._axes import SWAPPED, around, as_written, short, spread
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.reads import Along, Between, Reads, Repeated, each
from archdsl.ops.resampling import Resampled
from archdsl.types import Sequence, TensorType, channels, resized, spatial

_MOST = 4  # that a factor of one axis alone may be
_LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


@dataclass(frozen=True)
class Upsample(Op):
    """C×H×W → C×(scale·H)×(scale·W), copying the nearest position or mixing those around
    (mode=bilinear, which is linear on sequences and trilinear on volumes). align_corners=true mixes
    so that the ends of an axis stay what they are. resize brings to a size. PyTorch: nn.Upsample.

    Errors: a scale with another number of sizes than the input has axes; size(56, 56), which reads
    like a size to be had; align_corners where positions are copied.
    """

    scale: int | tuple[int, ...] = extent(2)
    mode: str = word("nearest", "bilinear", default="nearest")
    align_corners: bool = flag(False)

    traits = frozenset({Trait.AFFINE})
    example = "upsample(2)"
    synonyms = Synonyms(
        torch=("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d", "interpolate"),
        keras=("UpSampling1D", "UpSampling2D", "UpSampling3D"),
        arguments={"scale_factor": "scale", "interpolation": "mode"},
    )
    attribute = "upsample"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind("upsample", x, GRIDS)
        scales = spread("scale", self.scale, len(spatial(x)))
        larger = any(s > _MOST and n > 1 for n, s in zip(spatial(x), scales, strict=True))
        if isinstance(self.scale, tuple) and larger:
            raise self._size_meant()
        if self.align_corners and self.mode == "nearest":
            raise OpError(
                "align_corners says nothing to mode=nearest here",
                needed="mode=bilinear",
                argument="align_corners",
                replacement="false",
            )
        sizes = tuple(n * s for n, s in zip(spatial(x), scales, strict=True))
        return resized(x, channels(x), sizes)

    def _size_meant(self) -> OpError:
        written = as_written(self.scale)
        mode = "" if self.mode == "nearest" else f", mode={self.mode}"
        return OpError(
            f"{written} reads like a size, and upsample multiplies by its numbers",
            needed=f"a factor for each axis of at most {_MOST}, or one for all",
            help=f"resize({written}{mode}) gives this size",
            argument="scale",
            call=f"resize({written}{mode})",
        )

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        scales = spread("scale", self.scale, len(spatial(x)))
        return (each(x, [self._along(*one) for one in zip(spatial(x), scales, strict=True)]),)

    def _along(self, count: int, scale: int) -> Along:
        if self.align_corners:
            return Resampled(count * scale, "linear", corners=True)
        return Repeated(scale) if self.mode == "nearest" else Between(scale)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        axes = len(spatial(x))
        arguments = {
            "scale_factor": short(spread("scale", self.scale, axes)),
            **({} if self.mode == "nearest" else {"mode": _LINEAR[axes]}),
            **({"align_corners": True} if self.align_corners else {}),
        }
        given = "".join(f", {name}={{{name}}}" for name in arguments)
        return Spelling(
            module=Construct("nn.Upsample", arguments),
            apply=SWAPPED if isinstance(x, Sequence) else "{m}({x})",
            function=around(x, f"F.interpolate({{x}}{given})"),
            values=arguments,
        )
