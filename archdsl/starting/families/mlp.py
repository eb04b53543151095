from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size, Tower
from archdsl.starting.numbers import said
from archdsl.starting.thresholds import SMALL_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mlp(Family):
    """Two hidden layers over a table's features."""

    name = "Mlp"
    usual = Size(64, 2)

    def sizes(self) -> Sequence[Size]:
        return [Size(width, 2) for width in (*range(8, 128, 8), *range(128, 513, 32))]

    def tower(self, size: Size) -> Tower:
        bend = "silu" if self._is_smooth else "relu"
        layers = f"{size.depth} * (linear({size.width}) -> {bend})"
        return Tower((f"let hidden = x -> {layers}",), "hidden")

    @property
    def _is_smooth(self) -> bool:
        """Whether the answer probably changes little where the features do."""
        return self.data.predicts_numbers

    def why(self) -> str:
        smooth = (
            "; SiLU (Elfwing et al. 2017, arXiv:1702.03118), as a number to predict is mostly "
            "smooth in the features"
        )
        return (
            "the features of a table are independent: there are no neighbours for convolution or "
            f"attention to look at (P104), and up to {said(SMALL_ROWS)} rows two or three dense "
            f"layers are enough (P201){smooth if self._is_smooth else ''}"
        )

    def shape(self, size: Size) -> str:
        return f"width {size.width}, {size.depth} hidden layers"


BLOCK = """\
# Two dense layers and a way around them.
block residual_mlp(width, drop=0.1) {
  let hidden = linear(width, bias=false) -> batch_norm -> relu -> dropout(drop)
  return add(x, hidden -> linear(width))
}
"""


class ResidualMlp(Mlp):
    """More layers for more rows, with a way around them."""

    name = "ResidualMlp"
    usual = Size(128, 3)

    def sizes(self) -> Sequence[Size]:
        return [Size(width, 2 + (width >= 128)) for width in range(32, 513, 32)]

    def blocks(self, size: Size) -> str:
        return BLOCK

    def tower(self, size: Size) -> Tower:
        lets = (
            f"let stem = x -> linear({size.width}, bias=false) -> batch_norm -> relu",
            f"let deep = stem -> {size.depth} * residual_mlp({size.width})",
        )
        return Tower(lets, "deep")

    def why(self) -> str:
        return (
            f"more than {said(SMALL_ROWS)} rows can teach a larger MLP (P201); its layers stand in "
            "residual blocks, which train well at any depth (Gorishniy et al. 2021, "
            "arXiv:2106.11959)"
        )

    def shape(self, size: Size) -> str:
        return f"width {size.width}, {size.depth} residual blocks"
