from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, Flag, called, known_as


class Series(Data):
    """``series(length, features)``: measurements over time.

    With ``padded=true`` rows are of different lengths, at most ``length``, and padded at their
    ends; the model is given their lengths, and reads nothing of the padding.
    """

    elsewhere: ClassVar[Mapping[str, str]] = known_as(
        "time_series timeseries sequence signal audio"
    )
    synonyms: ClassVar[Mapping[str, str]] = called(
        length="seq_len sequence_length steps timesteps",
        features="channels num_features n_features input_size",
        padded="lengths ragged mask padding_mask",
    )

    positional: ClassVar[tuple[str, ...]] = ("length", "features")
    length: Count
    features: Count
    padded: Flag = False

    def tensor(self) -> types.Sequence:
        padded = types.LENGTHS if self.padded else None
        return types.Sequence(self.length, self.features, padded)

    def positions(self, per: str) -> int:
        return self.length if per == "token" else 1
