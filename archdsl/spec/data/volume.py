from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as


class Volume(Data):
    """``volume(channels, depth, height, width)``: scans, clips."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("video voxels volumetric")
    synonyms: ClassVar[Mapping[str, str]] = called(channels="c in_channels num_channels")

    positional: ClassVar[tuple[str, ...]] = ("channels", "depth", "height", "width")
    channels: Count
    depth: Count
    height: Count
    width: Count

    def tensor(self) -> types.Volume:
        return types.Volume(self.channels, self.depth, self.height, self.width)

    def positions(self, per: str) -> int:
        return self.depth * self.height * self.width if per == "pixel" else 1
