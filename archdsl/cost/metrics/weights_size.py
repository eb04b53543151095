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
    """Bytes of the learned numbers at the precision that the `train` clause stores them in, or at
    another, `weights_size(precision=int8)`.

    `precision` is `fp32`, `fp16`, `bf16` or `int8`: four bytes for each number, two or one. The
    scales that quantised numbers need are not in it.
    """

    is_cost = True
    synonyms = ("model_size", "file_size", "disk")

    width: int  # of a number, in bytes

    signature = "weights_size(precision=)"
    dimension = "bytes"

    @classmethod
    def bind(cls, written: Written, setting: Setting) -> WeightsSize:
        stored = cls.read(written, takes=("precision",)).stored
        return cls(WEIGHT[setting.precision] if stored is None else stored)

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (PARAMETERS,)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        return (Fraction(self.width),)

    def of_sum(self, whole: int) -> Quantity:
        return Quantity(whole, "bytes")
