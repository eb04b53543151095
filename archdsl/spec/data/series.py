from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, called, known_as


class Series(Data):
    """``series(length, features)``: measurements over time."""

    elsewhere: ClassVar[Mapping[str, str]] = known_as(
        "time_series timeseries sequence signal audio"
    )
    synonyms: ClassVar[Mapping[str, str]] = called(
        length="seq_len sequence_length steps timesteps",
        features="channels num_features n_features input_size",
    )

    positional: ClassVar[tuple[str, ...]] = ("length", "features")
    length: Count
    features: Count

    def tensor(self) -> types.Sequence:
        return types.Sequence(self.length, self.features)

    def positions(self, per: str) -> int:
        return self.length if per == "token" else 1
