"""A sequence as an image."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, OpError, Spelling, Trait
from archdsl.ops.parameters import whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import Laid, Reads, laid
from archdsl.types import Image, Sequence, TensorType


@dataclass(frozen=True)
class ToImage(Op):
    """H·W×C → C×H×W: a sequence laid out as an image, row by row; undoes to_sequence.

    PyTorch: x.transpose(1, 2).unflatten(2, (height, width)).

    Errors: a sequence of another length than height·width.
    """

    height: int = whole()
    width: int = whole()

    traits = frozenset({Trait.VIEW, Trait.AFFINE})
    example = "to_sequence -> to_image(32, 32)"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            raise wrong_kind("to_image", x, (Sequence,))
        area = self.height * self.width
        if x.length != area:
            raise OpError(
                f"{self.height}×{self.width} is {area} positions and the sequence has {x.length}",
                needed=f"height·width = {x.length}",
                argument="height",
            )
        return Image(x.features, self.height, self.width)

    def reads(self, *inputs: TensorType) -> tuple[Reads | Laid, ...]:
        return (laid(inputs[0], order=(1, 0)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(
            function="{x}.transpose(1, 2).unflatten(2, ({height}, {width}))",
            values={"height": self.height, "width": self.width},
        )
