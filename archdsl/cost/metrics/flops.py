"""``flops``"""

from dataclasses import dataclass
from fractions import Fraction

from archdsl.cost.compose import Composition
from archdsl.cost.counts import MACS
from archdsl.cost.metric import Linear


@dataclass(frozen=True)
class Flops(Linear):
    """Twice the MACs: a multiplication and an addition each, for one sample."""

    is_cost = True
    synonyms = ("gflops",)

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (MACS,)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        return (Fraction(2),)
