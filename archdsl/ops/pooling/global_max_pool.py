"""Global max pooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Saves, Spelling, Synonyms
from archdsl.ops.pooling._whole import OverAll, positions

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class GlobalMaxPool(OverAll):
    """C×H×W → C, the largest number of each channel; also of volumes and sequences.

    PyTorch: x.amax over the positions.
    """

    example = "global_max_pool"
    synonyms = Synonyms(
        torch=("AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d"),
        keras=("GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "GlobalMaxPool2D"),
    )

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves(inputs=(0,), output=True)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function=f"{{x}}.amax(dim={positions(inputs[0])})")
