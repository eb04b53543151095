"""A bias of attention that an MLP makes of offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from archdsl.ops.base import Construct, DenseLayer, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.sequence._position_bias import PositionBias
from archdsl.ops.sequence._position_bias_text import CONTINUOUS
from archdsl.types import Image, TensorType


@dataclass(frozen=True)
class ContinuousPositionBias(PositionBias):
    """C×H×W → heads×HW×HW: what an MLP makes of the logarithms of the offset of a query from a key,
    between 0 and 16, to be the position_bias= of attention (Swin v2, Liu et al., 2022). What flows
    in gives the positions alone; held once for a whole batch.

    MACs: those of the MLP for (2H-1)·(2W-1) offsets, once for a batch, told for a batch of one.

    Errors: anything but an image.
    """

    heads: int = whole()
    hidden: int = whole(512)

    traits = frozenset({Trait.WEIGHTED, Trait.EMBEDDING, Trait.CONSTANT, Trait.AFFINE})
    example = (
        "dot_product_attention(to_sequence, to_sequence, to_sequence, 4, cosine=true,"
        " position_bias=continuous_position_bias(4))"
    )
    synonyms = Synonyms(others=("cpb_mlp",), arguments={"num_heads": "heads"})
    example_data: ClassVar[str] = "image(32, 8, 8)"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Image):
            raise wrong_kind("continuous_position_bias", x, (Image,))
        return Image(self.heads, x.height * x.width, x.height * x.width)

    def params(self, *inputs: TensorType) -> int:
        return self.hidden * (3 + self.heads)

    def macs(self, *inputs: TensorType) -> int:
        return _offsets(inputs[0]) * self.hidden * (2 + self.heads)

    def saves(self, *inputs: TensorType) -> Saves:
        """What ReLU and sigmoid give."""
        return Saves(fixed=4 * _offsets(inputs[0]) * (self.hidden + self.heads))

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        rows = _offsets(inputs[0])
        return (DenseLayer(2, self.hidden, rows), DenseLayer(self.hidden, self.heads, rows))

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, Image)
        arguments: dict[str, Any] = {"heads": self.heads, "height": x.height, "width": x.width}
        if self.hidden != 512:
            arguments["hidden"] = self.hidden
        return Spelling(Construct(CONTINUOUS.name, arguments), definitions=(CONTINUOUS,))


def _offsets(x: TensorType) -> int:
    assert isinstance(x, Image)
    return (2 * x.height - 1) * (2 * x.width - 1)
