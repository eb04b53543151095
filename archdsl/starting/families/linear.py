from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size
from archdsl.starting.thresholds import LINEAR_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.starting.description import Description


CLASSES_A_FEATURE = 8  # that it can tell apart
MOST_ANSWERS = 8  # for which each word has a weight of its own for each answer
ENOUGH_FEATURES = 128  # for any number of classes


def gathered(data: Description, side: int, width: int) -> str:
    """What brings a sample into one vector without looking at its structure."""
    if data.is_grid:
        pool = "global_avg_pool" if side == 1 else f"adaptive_avg_pool({side}) -> flatten"
        return f"{pool} -> "
    if data.task == "next_token":
        return f"embedding({width}) -> "
    if data.kind == "tokens":
        return f"embedding({width}) -> mean_over -> "
    if data.kind == "series":
        return "mean_over -> "
    return "graph_pool(mean) -> " if data.many_graphs else ""


def thumbnails(data: Description) -> list[int]:
    """Sides of thumbnails for a baseline to read; 1 where there are none to make."""
    if not data.is_grid:
        return [1]
    return [side for side in (1, 2, 4, 8, 16) if side <= min(data.spatial)]


class LinearBaseline(Family):
    """One linear layer: the rung everything else has to be better than."""

    name = "LinearBaseline"
    weight_decay = "0.1"
    is_baseline = True

    def sizes(self) -> Sequence[Size]:
        if self.data.kind == "tokens":
            return [Size(width) for width in (8, 16, 32, 64)]
        return [Size(1, side=s) for s in thumbnails(self.data) if self._tells_apart(s)]

    @property
    def classes(self) -> int:
        return self.data.targets if self.data.task == "classify" else 0

    def _tells_apart(self, side: int) -> bool:
        """Whether a vector has the features that so many classes take (P404)."""
        return self._features(side) >= min(self.classes / CLASSES_A_FEATURE, ENOUGH_FEATURES)

    def model(self, size: Size) -> str:
        before = gathered(self.data, size.side, size.width)
        return f"model = {before}linear({self.data.classes})"

    def why(self) -> str:
        return f"one linear layer {_over(self.data)}; it is solved in seconds and can be read"

    def shape(self, size: Size) -> str:
        if self.data.kind == "tokens":
            return f"{size.width} features a token"
        return f"{size.side} x {size.side} thumbnails" if self.data.is_grid else "one layer"

    def _features(self, side: int) -> int:
        axes = len(self.data.spatial) if self.data.is_grid else 0
        return self.data.channels * prod([side] * axes)


class Linear(LinearBaseline):
    """The linear layer as the design itself, for data that feeds nothing larger."""

    name = "Linear"
    is_baseline = False

    def sizes(self) -> Sequence[Size]:
        if self._is_bag_of_words:
            return [Size(self.data.targets), *super().sizes()]
        return super().sizes() or [Size(1, side=thumbnails(self.data)[-1])]

    @property
    def _is_bag_of_words(self) -> bool:
        """Whether the smallest of all models is a weight for each word and class."""
        answers = self.data.targets < MOST_ANSWERS and self.data.task != "next_token"
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


class MlpBaseline(LinearBaseline):
    """A small MLP over the same vector: what is gained by bending the line."""

    name = "MlpBaseline"
    weight_decay = "0.01"

    def sizes(self) -> Sequence[Size]:
        widths = (8, 16, 32, 64, 128)
        if self.data.kind == "tokens":
            return [Size(width) for width in widths]
        enough = min(self.classes / CLASSES_A_FEATURE, ENOUGH_FEATURES)
        sides = thumbnails(self.data)
        found = [Size(w, side=side) for w in widths if w >= enough for side in sides]
        return sorted(
            found, key=lambda size: size.width * (self._features(size.side) + self.classes)
        )

    def model(self, size: Size) -> str:
        hidden = f"linear({size.width}) -> relu -> "
        before = gathered(self.data, size.side, size.width)
        return f"model = {before}{hidden}linear({self.data.classes})"

    def why(self) -> str:
        return f"one hidden layer {_over(self.data)}, blind to {_blind(self.data)}"

    def shape(self, size: Size) -> str:
        return f"width {size.width}"


def _over(data: Description) -> str:
    if data.is_grid:
        return "over a thumbnail"
    if data.task == "next_token":
        return "over the last token alone"
    words = {"tokens": "over the mean of the tokens' vectors", "series": "over the mean in time"}
    if data.kind == "graph":
        return "over the mean of the nodes" if data.many_graphs else "over each node's features"
    return words.get(data.kind, "over the features")


def _blind(data: Description) -> str:
    if data.is_grid:
        return "where things stand"
    if data.is_sequence:
        return "the order" if data.task != "next_token" else "what came before"
    return "the edges" if data.kind == "graph" else "structure"
