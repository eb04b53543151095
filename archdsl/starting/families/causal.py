from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size, body
from archdsl.starting.families.transformer import REACH, LanguageModel
from archdsl.starting.thresholds import MANY_TOKENS

if TYPE_CHECKING:
    from collections.abc import Sequence

# A windowed causal block is not in the library: the spec declares it.
BLOCK = f"""\
# A causal transformer layer in which each position sees itself and the {REACH} before it.
block windowed_gpt_block(heads, drop=0.1) {{
  let attn = layer_norm -> local_attention(heads, reach={REACH}, causal=true, dropout=drop)
  let attended = add(x, attn -> dropout(drop))
  let mlp = attended -> layer_norm -> mlp(4 * x.features, drop=drop)
  return add(attended, mlp)
}}
"""


class WindowedLanguageModel(LanguageModel):
    """Causal attention to what came shortly before."""

    name = "WindowedLanguageModel"

    def _block(self, heads: int) -> str:
        return f"windowed_gpt_block({heads})"

    def blocks(self, size: Size) -> str:
        return BLOCK

    def why(self) -> str:
        return (
            f"the next of {self.data['length']:,} tokens depends on those before it, and all "
            f"looking at all is too dear above {MANY_TOKENS:,} (P106): each looks back at {REACH}, "
            "and the blocks carry what is seen further back (Mistral, Jiang et al. 2023, "
            "arXiv:2310.06825)"
        )


class CausalConvNet(Family):
    """Dilated convolutions over the past, for too little text to learn attention from."""

    name = "CausalConvNet"

    @property
    def usual(self) -> Size:
        return self.sizes()[-3]

    def sizes(self) -> Sequence[Size]:
        return [Size(width, _levels(self.data["length"])) for width in (8, 16, 32, 48, 64, 96, 128)]

    def model(self, size: Size) -> str:
        row = f"each(i = 0 to {size.depth - 1}, tcn_block({size.width}, dilation=2 ^ i))"
        return body(
            f"let words = embedding({size.width})",
            f"let past = words -> {row}",
            "return past -> layer_norm -> tied_linear(words)",
        )

    def why(self) -> str:
        return (
            f"{self.data.units:,} tokens are too few to learn attention from (P107); convolutions "
            "over the past whose reach doubles from block to block see it all (Bai et al. 2018, "
            "arXiv:1803.01271)"
        )

    def shape(self, size: Size) -> str:
        return f"width {size.width}, {size.depth} blocks"


def _levels(length: int) -> int:
    """Blocks whose doubling dilations reach over a length: each sees four dilations back."""
    levels = 1
    while 1 + 4 * (2**levels - 1) < length and levels < 8:
        levels += 1
    return levels
