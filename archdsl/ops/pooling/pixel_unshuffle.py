"""Positions become channels."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import Laid, Reads
from archdsl.types import Image, TensorType, said


@dataclass(frozen=True)
class PixelUnshuffle(Op):
    """C×H×W → (C·factor²)×(H/factor)×(W/factor): each square of positions becomes channels, what
    pixel_shuffle undoes.

    PyTorch: nn.PixelUnshuffle.

    Errors: a height or a width that factor does not divide.
    """

    factor: int = whole()

    traits = frozenset({Trait.AFFINE})
    example = "pixel_unshuffle(2)"
    synonyms = Synonyms(
        torch=("PixelUnshuffle",),
        others=("space_to_depth", "SpaceToDepth"),
        arguments={"downscale_factor": "factor", "block_size": "factor"},
        takes=("factor",),
    )
    attribute = "unshuffle"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Image):
            raise wrong_kind("pixel_unshuffle", x, (Image,))
        factor = self.factor
        if x.height % factor or x.width % factor:
            raise OpError(
                f"{said(x)} does not part into squares of {factor}×{factor}",
                needed=f"a height and a width that {factor} divides",
                argument="factor",
            )
        return Image(x.channels * factor**2, x.height // factor, x.width // factor)

    def reads(self, *inputs: TensorType) -> tuple[Reads | Laid, ...]:
        (x,) = inputs
        assert isinstance(x, Image)
        factor = self.factor
        sizes = (x.channels, x.height // factor, factor, x.width // factor, factor)
        return (Laid(sizes, (0, 2, 4, 1, 3)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        arguments = {"downscale_factor": self.factor}
        return Spelling(
            module=Construct("nn.PixelUnshuffle", arguments, positional=1),
            function="F.pixel_unshuffle({x}, {downscale_factor})",
            values=arguments,
        )
