from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size, Tower
from archdsl.starting.thresholds import ATTENTION_SAMPLES, FEW_STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

PHRASE = 5  # words that a convolution reads at once
STEPS = 64  # that a long text is shortened to


class TextGru(Family):
    """A GRU that reads a text both ways, beside the mean of its words."""

    name = "Gru"
    cell = "gru"
    lr = "0.01"
    usual = Size(64)

    def sizes(self) -> Sequence[Size]:
        return [Size(width) for width in (8, 16, 24, 32, 48, 64)]

    def tower(self, size: Size) -> Tower:
        both_ways = f"{self.cell}({size.width}, bidirectional=true)"
        lets = (
            f"let words = embedding({size.width}) -> dropout(0.3)",
            f"let states = words -> {self._shortened(size.width)}{both_ways}",
            "let text = concat(states -> max_over, words -> mean_over -> layer_norm)",
        )
        return Tower(lets, "text -> dropout(0.3)")

    def _shortened(self, width: int) -> str:
        """What brings a long text down to steps that recurrence remembers."""
        each = chunk(self.data["length"])
        if each == 1:
            return ""
        return f"conv({width}, {PHRASE}) -> relu -> max_pool({each}, stride={each}) -> "

    def why(self) -> str:
        few = f"{self.data.samples:,} texts are too few to learn attention from (P107)"
        return f"{self._length()}; {self._fed(few)}; the mean of the words stands beside it"

    def _fed(self, few: str) -> str:
        return few if self.data.samples < ATTENTION_SAMPLES else "recurrence reads them in order"

    def _length(self) -> str:
        length, each = self.data["length"], chunk(self.data["length"])
        if each == 1:
            return f"{length} tokens are few enough for recurrence (P105: up to {FEW_STEPS})"
        return (
            f"a convolution and the largest of each {each} positions bring {length:,} tokens down "
            f"to what recurrence remembers (P105: {FEW_STEPS} steps; Zhou et al. 2015, "
            "arXiv:1511.08630)"
        )

    def shape(self, size: Size) -> str:
        return f"{size.width} features a token, {size.width} each way"


class TextLstm(TextGru):
    """The same with an LSTM, for many short texts."""

    name = "Lstm"
    cell = "lstm"
    lr = "0.001"
    usual = Size(128)

    def sizes(self) -> Sequence[Size]:
        return [Size(width) for width in (32, 48, 64, 96, 128, 192, 256, 384)]


def chunk(length: int) -> int:
    """Positions that become one, so that recurrence has steps enough and not too many."""
    return 1 if length <= FEW_STEPS else -(-length // STEPS)
