"""A bias of attention by buckets of offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archdsl.ops.base import Construct, OpError, Spelling, Synonyms
from archdsl.ops.parameters import flag, whole
from archdsl.ops.sequence._position_bias import PositionBias, length_of
from archdsl.ops.sequence._position_bias_text import BUCKETED, BUCKETED_CAUSAL

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class BucketedPositionBias(PositionBias):
    """L×C → heads×L×L: a learned number for each head and bucket of offsets, to be the
    position_bias= of attention (T5, Raffel et al., 2019). What flows in gives the positions alone;
    held once for a whole batch, and one bias may serve many layers: `let bias =
    bucketed_position_bias(8)`.

    Half of the buckets hold one distance each, the others ever more of them up to
    ``max_distance``, and the last all beyond. With ``causal`` they are all for keys before the
    query, and what comes later is as its own place; else half of the buckets are for those.

    Errors: fewer than 4 buckets, 2 with causal; a largest distance that the single ones reach;
    anything but a sequence.
    """

    heads: int = whole()
    buckets: int = whole(32, minimum=2)
    max_distance: int = whole(128)
    causal: bool = flag(False)

    example = (
        "dot_product_attention(linear(64), linear(64), linear(64), 8, scale=1,"
        " position_bias=bucketed_position_bias(8))"
    )
    synonyms = Synonyms(
        others=("t5_bias", "T5RelativePositionBias", "relative_attention_bias"),
        arguments={
            "num_heads": "heads",
            "relative_attention_num_buckets": "buckets",
            "relative_attention_max_distance": "max_distance",
        },
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        ways = 1 if self.causal else 2
        if self.buckets < 2 * ways or self.buckets % ways:
            raise OpError(
                f"buckets={self.buckets} cannot be shared out: half for each direction, and half"
                " of these for single distances",
                needed=f"{'an even' if ways > 1 else 'a'} number of at least {2 * ways}",
                argument="buckets",
                replacement=str(max(2 * ways, self.buckets + self.buckets % ways)),
            )
        single = self.buckets // ways // 2
        if self.max_distance <= single:
            raise OpError(
                f"distances up to {single} have buckets of their own, so that"
                f" max_distance={self.max_distance} leaves none to the others",
                needed=f"more than {single}",
                argument="max_distance",
                replacement=str(4 * self.buckets),
            )
        return super().infer(*inputs)

    def params(self, *inputs: TensorType) -> int:
        return self.heads * self.buckets

    def spelling(self, *inputs: TensorType) -> Spelling:
        form = BUCKETED_CAUSAL if self.causal else BUCKETED
        arguments: dict[str, Any] = {"heads": self.heads, "length": length_of(inputs[0])}
        if self.buckets != 32:
            arguments["buckets"] = self.buckets
        if self.max_distance != 128:
            arguments["max_distance"] = self.max_distance
        return Spelling(Construct(form.name, arguments), definitions=(form,))
