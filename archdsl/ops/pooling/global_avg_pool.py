"""Global average pooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Saves, Spelling, Synonyms, Trait
from archdsl.ops.plumbing._padding import kept, mean
from archdsl.ops.pooling._whole import OverAll, positions
from archdsl.types import padding

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class GlobalAvgPool(OverAll):
    """C×H×W → C, the mean over all positions; also of volumes and sequences (Lin et al. 2013).

    PyTorch: x.mean over the positions, which is nn.AdaptiveAvgPool2d(1), flattened.
    """

    traits = OverAll.traits | {Trait.AFFINE}
    example = "global_avg_pool"
    synonyms = Synonyms(
        keras=(
            "GlobalAveragePooling1D",
            "GlobalAveragePooling2D",
            "GlobalAveragePooling3D",
            "GlobalAvgPool2D",
        ),
        others=("gap",),
    )

    def saves(self, *inputs: TensorType) -> Saves:
        """Of padded rows which positions are within, and how many they are."""
        (x,) = inputs
        return kept(x)

    def spelling(self, *inputs: TensorType) -> Spelling:
        rows = padding(inputs[0])
        if rows is not None:
            return mean(rows)
        return Spelling(function=f"{{x}}.mean(dim={positions(inputs[0])})")
