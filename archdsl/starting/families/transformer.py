from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size, Tower, body
from archdsl.starting.thresholds import ATTENTION_SAMPLES, MANY_TOKENS

if TYPE_CHECKING:
    from collections.abc import Sequence

REACH = 256  # positions that windowed attention sees on each side, as Longformer's does
STEM = 4  # steps of a long series that its first convolution takes together
LARGE_VOCABULARY = 1_000  # tokens from which their vectors are narrower than the blocks


class Transformer(Family):
    """An encoder: every position looks at every other."""

    name = "Transformer"
    lr = "0.0005"
    warms_up = True
    usual = Size(128, 4)

    def sizes(self) -> Sequence[Size]:
        small = [Size(16, 2), Size(32, 2), Size(48, 2), Size(64, 3), Size(96, 4), Size(128, 4)]
        large = [Size(192, 6), Size(256, 6), Size(320, 8), Size(384, 8), Size(512, 8)]
        return [*small, *large, Size(640, 10), Size(768, 12)]

    def tower(self, size: Size) -> Tower:
        placed = "position_embedding(kind=sinusoidal) -> dropout(0.1)"
        lets = (
            f"let placed = x -> {self._entry(size.width)} -> {placed}",
            f"let encoder = placed -> {self._blocks(size)} -> layer_norm",
        )
        return Tower(lets, "encoder -> mean_over")

    def _entry(self, width: int) -> str:
        if self.data.kind != "tokens":
            return f"linear({width})"
        if self.data["vocab"] < LARGE_VOCABULARY:
            return f"embedding({width})"
        return f"embedding({max(width // 4, 8)}) -> linear({width})"

    def _blocks(self, size: Size) -> str:
        return f"{size.depth} * {self._block(heads(size.width))}"

    def _block(self, heads: int) -> str:
        return f"transformer_encoder({heads})"

    def why(self) -> str:
        return (
            f"{self.data['length']:,} steps are more than recurrence carries (P105) and fewer than "
            f"the {MANY_TOKENS:,} at which full attention becomes too dear (P106), and "
            f"{self._fed()}; the norm stands inside each branch (P302){self._told()}"
        )

    def _fed(self) -> str:
        """Where attention is learnt from."""
        if self.data.units < ATTENTION_SAMPLES:
            return "attention comes with the pretrained weights (P107)"
        return (
            f"{self.data.units:,} {self.data.unit} are enough to learn attention from (P107: "
            f"{ATTENTION_SAMPLES:,})"
        )

    def _told(self) -> str:
        """Why the vectors of a large vocabulary are narrow."""
        if self.data.kind != "tokens" or self.data["vocab"] < LARGE_VOCABULARY:
            return ""
        return (
            f"; the vectors of {self.data['vocab']:,} tokens are a quarter as wide as the blocks, "
            "or they would have most of the parameters (ALBERT, Lan et al. 2019, arXiv:1909.11942)"
        )

    def shape(self, size: Size) -> str:
        return f"width {size.width}, {size.depth} blocks, {heads(size.width)} heads"


class WindowedTransformer(Transformer):
    """Every position looks at those near it, at a cost linear in the length."""

    name = "WindowedTransformer"

    def _entry(self, width: int) -> str:
        if self.data.kind != "series":
            return super()._entry(width)
        return f"conv({width}, {2 * STEM - 1}, stride={STEM})"

    def _block(self, heads: int) -> str:
        return f"longformer_block({heads}, reach={REACH})"

    def why(self) -> str:
        return (
            f"{self.data['length']:,} positions are too many for all to look at all (P106: up to "
            f"{MANY_TOKENS:,}), so each looks at {REACH} on either side (Longformer, Beltagy et "
            f"al. 2020, arXiv:2004.05150) and the blocks carry what is seen further{self._told()}"
        )

    def _told(self) -> str:
        if self.data.kind != "series":
            return super()._told()
        return f"; a first convolution takes {STEM} steps at a time, as single ones say little"


class LanguageModel(Transformer):
    """A causal transformer whose head is its embedding."""

    name = "LanguageModel"
    weight_decay = "0.1"
    usual = Size(256, 6)

    def model(self, size: Size) -> str:
        return body(
            f"let words = embedding({size.width})",
            "let placed = words -> position_embedding(kind=sinusoidal) -> dropout(0.1)",
            f"let decoder = placed -> {self._blocks(size)} -> layer_norm",
            "return decoder -> tied_linear(words)",
        )

    def _block(self, heads: int) -> str:
        return f"gpt_block({heads})"

    def why(self) -> str:
        return (
            f"the next of {self.data['length']:,} tokens depends on all before it: causal "
            f"attention, as {self._fed()}; the head shares its weights with the embedding (Press "
            "and Wolf 2016, arXiv:1608.05859)"
        )


def heads(width: int) -> int:
    """Heads of 64 features, or of what smaller widths have."""
    return max(width // 64, 2) if width % 64 == 0 else 2
