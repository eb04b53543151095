from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as


class Noise(Data):
    """``noise(features)``: numbers drawn anew each time, normal with mean 0 and variance 1, as a
    generator takes them. They are in no data."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as("latent gaussian normal random z")
    synonyms: ClassVar[Mapping[str, str]] = called(
        features="size dim latent_dim num_features n_features"
    )
    is_drawn: ClassVar[bool] = True

    positional: ClassVar[tuple[str, ...]] = ("features",)
    features: Count

    def tensor(self) -> types.Vector:
        return types.Vector(self.features)
