from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as


class Image(Data):
    """``image(channels, height, width)``: pictures."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("images img picture photo")
    synonyms: ClassVar[Mapping[str, str]] = called(
        channels="c in_channels num_channels", height="h", width="w"
    )

    positional: ClassVar[tuple[str, ...]] = ("channels", "height", "width")
    channels: Count
    height: Count
    width: Count

    def tensor(self) -> types.Image:
        return types.Image(self.channels, self.height, self.width)

    def positions(self, per: str) -> int:
        return self.height * self.width if per == "pixel" else 1
