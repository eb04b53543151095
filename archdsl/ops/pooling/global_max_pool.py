"""Global max pooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Saves, Spelling, Synonyms
from archdsl.ops.plumbing._padding import filled, kept_of_largest
from archdsl.ops.pooling._whole import OverAll, positions
from archdsl.types import padding

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
        if padding(inputs[0]) is not None:
            return kept_of_largest(inputs[0])
        return Saves(inputs=(0,), output=True)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        return filled(Spelling(function=f"{{x}}.amax(dim={positions(x)})"), x, least=True)
