from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count


class Table(Data):
    """``table(features)``: rows of independent features."""

    positional: ClassVar[tuple[str, ...]] = ("features",)
    features: Count

    def tensor(self) -> types.Vector:
        return types.Vector(self.features)
