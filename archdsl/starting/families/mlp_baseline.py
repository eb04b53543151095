from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Size
from archdsl.starting.families.gathering import (
    blind,
    chain,
    features,
    needed,
    over,
    thumbnails,
)
from archdsl.starting.families.linear import LinearBaseline

if TYPE_CHECKING:
    from collections.abc import Sequence


class MlpBaseline(LinearBaseline):
    """A small MLP over the same vector: what is gained by bending the line."""

    name = "MlpBaseline"
    lr = "0.001"
    weight_decay = "0.01"

    def sizes(self) -> Sequence[Size]:
        widths = [width for width in (8, 16, 32, 64, 128) if width >= needed(self.data)]
        sides = [1] if self.data.kind == "tokens" else thumbnails(self.data)
        return sorted((Size(w, side=side) for w in widths for side in sides), key=self._weights)

    def _weights(self, size: Size) -> int:
        if self.data.kind == "tokens":
            return size.width
        return size.width * (features(self.data, size.side) + self.data.targets)

    def head(self, size: Size) -> str:
        return chain(f"linear({size.width})", "relu", super().head(size))

    def why(self) -> str:
        return f"one hidden layer {over(self.data)}, blind to {blind(self.data)}"

    def shape(self, size: Size) -> str:
        return f"width {size.width}"
