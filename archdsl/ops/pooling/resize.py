"""Another size without weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archdsl.ops.base import Branches, Construct, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import extent, flag, word
from archdsl.ops.plumbing._axes import SWAPPED, around, short
from archdsl.ops.plumbing._kinds import GRIDS
from archdsl.ops.plumbing._target import grid, target
from archdsl.ops.reads import Along, Parts, Reads, each, nothing
from archdsl.ops.resampling import Resampled
from archdsl.types import Image, Sequence, TensorType, channels, resized, spatial

_LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}
_ALONG = {"nearest": "nearest", "bilinear": "linear", "bicubic": "cubic"}


@dataclass(frozen=True)
class Resize(Op):
    """C×H×W → C×H'×W', a size that is written (resize(size(64, 64))) or that of another tensor
    (resize(like=skip), as in a feature pyramid); also on volumes and sequences. mode is nearest,
    bilinear (linear on sequences, trilinear on volumes), bicubic (images alone) or area (the mean
    of what falls together). upsample multiplies the size instead. PyTorch: F.interpolate.

    Errors: no size, or two; a tensor of another kind; align_corners or antialias with a mode that
    has none.
    """

    size: int | tuple[int, ...] | None = extent(None)
    mode: str = word("nearest", "bilinear", "bicubic", "area", default="nearest")
    align_corners: bool = flag(False)
    antialias: bool = flag(False)

    traits = frozenset({Trait.AFFINE})
    branches = Branches(optional=("like",))
    example = "resize(size(48, 48), mode=bilinear)"
    synonyms = Synonyms(
        torch=("Resize",),
        keras=("Resizing",),
        others=("interpolate_to", "upsample_like"),
        arguments={"interpolation": "mode"},
        takes=("size",),
    )
    attribute = "resize"

    def infer(self, *inputs: TensorType) -> TensorType:
        x = grid("resize", inputs[0])
        sizes = target("resize", self.size, inputs)
        self._check_mode(x)
        return resized(x, channels(x), sizes)

    def _check_mode(self, x: TensorType) -> None:
        if self.mode == "bicubic" and not isinstance(x, Image):
            raise OpError("bicubic is for images", needed="another mode", argument="mode")
        if self.align_corners and self.mode in ("nearest", "area"):
            raise self._without("align_corners", "bilinear or bicubic")
        if self.antialias and (self.mode in ("nearest", "area") or not isinstance(x, Image)):
            raise self._without("antialias", "bilinear or bicubic, on images")

    def _without(self, argument: str, modes: str) -> OpError:
        return OpError(
            f"{argument} says nothing to mode={self.mode} here",
            needed=f"mode={modes}",
            argument=argument,
            replacement="false",
        )

    def saves(self, *inputs: TensorType) -> Saves:
        """Means keep their input, unless all becomes one number."""
        kept = self.mode == "area" and set(spatial(self.infer(*inputs))) != {1}
        return Saves(inputs=(0,)) if kept else Saves()

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        x, *like = inputs
        along = [self._along(count) for count in spatial(self.infer(*inputs))]
        return (each(x, along), *(nothing(one, source=1) for one in like))

    def _along(self, count: int) -> Along:
        if self.mode == "area":
            return Parts(count)
        return Resampled(count, _ALONG[self.mode], self.align_corners, self.antialias)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = inputs[0]
        assert isinstance(x, GRIDS)
        options = self._options(len(spatial(x)))
        given = "".join(f", {name}={{{name}}}" for name in options)
        if len(inputs) > 1:
            text = f"F.interpolate({{x}}, size={_size_of(x)}{given})"
            return Spelling(function=around(x, text).replace("{x}", "{0}"), values=options)
        size: dict[str, Any] = {"size": short(spatial(self.infer(*inputs)))}
        swapped = SWAPPED if isinstance(x, Sequence) else "{m}({x})"
        return Spelling(
            module=None if self.antialias else Construct("nn.Upsample", {**size, **options}),
            apply=swapped,
            function=around(x, f"F.interpolate({{x}}, size={{size}}{given})"),
            values={**size, **options},
        )

    def _options(self, axes: int) -> dict[str, Any]:
        mode = _LINEAR[axes] if self.mode == "bilinear" else self.mode
        return {
            **({} if mode == "nearest" else {"mode": mode}),
            **({"align_corners": True} if self.align_corners else {}),
            **({"antialias": True} if self.antialias else {}),
        }


def _size_of(x: TensorType) -> str:
    return "{1}.shape[1]" if isinstance(x, Sequence) else "{1}.shape[2:]"
