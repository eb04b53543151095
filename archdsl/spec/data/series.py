from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count


class Series(Data):
    """``series(length, features)``: measurements over time."""

    positional: ClassVar[tuple[str, ...]] = ("length", "features")
    length: Count
    features: Count

    def tensor(self) -> types.Sequence:
        return types.Sequence(self.length, self.features)

    def positions(self, per: str) -> int:
        return self.length if per == "token" else 1
