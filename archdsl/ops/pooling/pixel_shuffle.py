"""Channels become positions."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import Laid, Reads
from archdsl.types import Image, TensorType


@dataclass(frozen=True)
class PixelShuffle(Op):
    """C×H×W → (C/factor²)×(factor·H)×(factor·W): channels become positions (Shi et al. 2016).

    PyTorch: nn.PixelShuffle.

    Errors: factor² does not divide the channels.
    """

    factor: int = whole()

    traits = frozenset({Trait.AFFINE})
    example = "conv(12, 3) -> pixel_shuffle(2)"
    synonyms = Synonyms(
        torch=("PixelShuffle",),
        others=("depth_to_space",),
        arguments={"upscale_factor": "factor"},
        takes=("factor",),
    )
    attribute = "shuffle"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Image):
            raise wrong_kind("pixel_shuffle", x, (Image,))
        area = self.factor**2
        if x.channels % area:
            raise OpError(
                f"pixel_shuffle makes each {area} channels one, and {x.channels} do not part so",
                needed=f"a multiple of {area} channels",
                argument="factor",
            )
        return Image(x.channels // area, x.height * self.factor, x.width * self.factor)

    def reads(self, *inputs: TensorType) -> tuple[Reads | Laid, ...]:
        (x,) = inputs
        assert isinstance(x, Image)
        factor = self.factor
        sizes = (x.channels // factor**2, factor, factor, x.height, x.width)
        return (Laid(sizes, (0, 3, 1, 4, 2)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        arguments = {"upscale_factor": self.factor}
        return Spelling(
            module=Construct("nn.PixelShuffle", arguments, positional=1),
            function="F.pixel_shuffle({x}, {upscale_factor})",
            values=arguments,
        )
