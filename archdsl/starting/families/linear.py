from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size, Tower, body
from archdsl.starting.families.gathering import (
    OF_TEXT,
    beside,
    chain,
    gathered,
    needed,
    over,
    thumbnails,
)
from archdsl.starting.thresholds import LINEAR_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence


MOST_ANSWERS = 8  # for which each word has a weight of its own for each answer


class LinearBaseline(Family):
    """One linear layer: the rung everything else has to be better than."""

    name = "LinearBaseline"
    lr = "0.01"
    weight_decay = "0.1"
    is_baseline = True
    is_tuned = False

    def sizes(self) -> Sequence[Size]:
        if self.data.kind == "tokens":
            widths = (8, 16, 32, 64, 128)
            return [Size(width) for width in widths if width >= needed(self.data)]
        width = OF_TEXT if self.data.inputs else 1
        return [Size(width, side=side) for side in thumbnails(self.data)]

    def tower(self, size: Size) -> Tower:
        return Tower((), gathered(self.data, size.side, size.width))

    def model(self, size: Size) -> str:
        if self.data.inputs and self.data.is_pair:
            return self._pair(size)
        _, vector = self.tower(size)
        return f"model = {chain(vector, self.head(size))}"

    def head(self, size: Size) -> str:
        """What stands behind the vector that a sample becomes."""
        return f"linear({self.data.classes})"

    def _pair(self, size: Size) -> str:
        """A vector of each of two inputs."""
        told = self.data.parts.items()
        each = (beside(name, part, size.side, size.width) for name, part in told)
        return body(f"return {', '.join(chain(one, self.head(size)) for one in each)}")

    def why(self) -> str:
        if self.data.predicts_tokens:
            return "which token follows which: all that is known is the last one"
        return f"one linear layer {over(self.data)}; it trains in no time and can be read"

    def shape(self, size: Size) -> str:
        if self.data.kind == "tokens":
            return f"{size.width} features a token"
        return f"{size.side} x {size.side} thumbnails" if self.data.is_grid else "one linear layer"


class Linear(LinearBaseline):
    """The linear layer as the design itself, for data that feeds nothing larger."""

    name = "Linear"
    is_baseline = False

    def sizes(self) -> Sequence[Size]:
        if self._is_bag_of_words:
            return [Size(self.data.targets), *super().sizes()]
        return super().sizes() or [Size(1)]

    @property
    def _is_bag_of_words(self) -> bool:
        """Whether the smallest of all models is a weight for each word and class."""
        answers = self.data.targets < MOST_ANSWERS and not self.data.predicts_tokens
        return self.data.kind == "tokens" and answers

    def model(self, size: Size) -> str:
        if self._is_bag_of_words and size.width == self.data.targets:
            return f"model = embedding({self.data.classes}) -> mean_over"
        return super().model(size)

    def why(self) -> str:
        few = self.data.kind == "table" and self.data.samples < LINEAR_ROWS
        reason = (
            f"fewer than {LINEAR_ROWS:,} rows call for a linear model (P201)"
            if few
            else f"{self.data.units:,} {self.data.unit} feed nothing larger (P501)"
        )
        return f"{reason}: {super().why()}"
