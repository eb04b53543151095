"""A bias of attention that grows with the distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Construct, Spelling, Synonyms
from archdsl.ops.parameters import whole
from archdsl.ops.sequence._position_bias import PositionBias
from archdsl.ops.sequence._position_bias_text import ALIBI

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Alibi(PositionBias):
    """L×C → heads×L×L: -m·distance, with another m for each head, to be the position_bias= of
    attention: linear biases without weights (ALiBi, Press et al., 2021). m is 2^(-8·i/heads); of
    heads beyond a power of two it lies between those, as in the paper's code. What flows in gives
    the positions alone; held once for a whole batch.

    Errors: anything but a sequence.
    """

    heads: int = whole()

    example = (
        "dot_product_attention(linear(64), linear(64), linear(64), 8, causal=true,"
        " position_bias=alibi(8))"
    )
    synonyms = Synonyms(others=("ALiBi", "build_alibi_tensor"), arguments={"num_heads": "heads"})

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(Construct("Alibi", {"heads": self.heads}), definitions=(ALIBI,))
