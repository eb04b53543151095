from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as


class Table(Data):
    """``table(features)``: rows of independent features."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("tabular csv vector")
    synonyms: ClassVar[Mapping[str, str]] = called(features="columns num_features n_features")

    positional: ClassVar[tuple[str, ...]] = ("features",)
    features: Count

    def tensor(self) -> types.Vector:
        return types.Vector(self.features)
