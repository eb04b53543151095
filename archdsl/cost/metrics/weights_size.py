"""``weights_size``"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from archdsl.cost.counts import PARAMETERS
from archdsl.cost.metric import Linear
from archdsl.cost.precision import WEIGHT
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.cost.metric import Setting, Written


@dataclass(frozen=True)
class WeightsSize(Linear):
    """Bytes of the learned numbers at the precision that the `train` clause stores them in."""

    synonyms = ("model_size", "file_size", "disk")

    precision: str

    dimension = "bytes"

    @classmethod
    def bind(cls, written: Written, setting: Setting) -> WeightsSize:
        cls.refuse_arguments(written)
        return cls(setting.precision)

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (PARAMETERS,)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        return (Fraction(WEIGHT[self.precision]),)

    def of_sum(self, whole: int) -> Quantity:
        return Quantity(whole, "bytes")
