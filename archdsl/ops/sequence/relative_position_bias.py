"""A bias of attention by how far queries and keys are apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archdsl.ops.base import Construct, OpError, Spelling, Synonyms
from archdsl.ops.parameters import flag, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.sequence._position_bias import PositionBias
from archdsl.ops.sequence._position_bias_text import (
    ALONG_SEQUENCE,
    ALONG_SEQUENCE_BOTH_WAYS,
    ON_MAP,
    ON_MAP_BOTH_WAYS,
)
from archdsl.types import Image, Sequence, TensorType


@dataclass(frozen=True)
class RelativePositionBias(PositionBias):
    """L×C → heads×L×L, or C×H×W → heads×HW×HW: a learned number for each head and offset of a query
    from a key, to be the position_bias= of attention (Shaw et al., 2018; on maps Swin, Liu et al.,
    2021). What flows in gives the positions alone; held once for a whole batch.

    With ``absolute`` offsets to either side have one number, on maps by |down| and |across| (LeViT,
    Graham et al., 2021). ``stride`` is that of the queries on a map of keys, where they are fewer:
    heads×⌈H/stride⌉⌈W/stride⌉×HW. One bias may serve many layers: `let bias =
    relative_position_bias(8)`.

    Errors: a stride along a sequence; anything but a sequence or an image.
    """

    heads: int = whole()
    absolute: bool = flag(False)
    stride: int = whole(1)

    example = (
        "dot_product_attention(linear(64), linear(64), linear(64), 8,"
        " position_bias=relative_position_bias(8))"
    )
    synonyms = Synonyms(
        others=("relative_position_bias_table", "attention_biases", "RelPosBias"),
        arguments={"num_heads": "heads"},
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if isinstance(x, Sequence):
            if self.stride > 1:
                raise _strided(self.stride)
            return Image(self.heads, x.length, x.length)
        if not isinstance(x, Image):
            raise wrong_kind("relative_position_bias", x, (Sequence, Image))
        queries = -(-x.height // self.stride) * -(-x.width // self.stride)
        return Image(self.heads, queries, x.height * x.width)

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        if isinstance(x, Sequence):
            return self.heads * (x.length if self.absolute else 2 * x.length - 1)
        assert isinstance(x, Image)
        if self.absolute:
            return self.heads * x.height * x.width
        return self.heads * (2 * x.height - 1) * (2 * x.width - 1)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        if isinstance(x, Sequence):
            form = ALONG_SEQUENCE_BOTH_WAYS if self.absolute else ALONG_SEQUENCE
            arguments: dict[str, Any] = {"heads": self.heads, "length": x.length}
        else:
            assert isinstance(x, Image)
            form = ON_MAP_BOTH_WAYS if self.absolute else ON_MAP
            arguments = {"heads": self.heads, "height": x.height, "width": x.width}
            if self.stride > 1:
                arguments["stride"] = self.stride
        return Spelling(Construct(form.name, arguments), definitions=(form,))


def _strided(stride: int) -> OpError:
    return OpError(
        f"stride={stride} is that of queries on a map, and this is a sequence",
        needed="an image, or no stride",
        argument="stride",
        replacement="1",
    )
