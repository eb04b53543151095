"""``macs``"""

from dataclasses import dataclass
from fractions import Fraction

from archdsl.cost.compose import Composition
from archdsl.cost.counts import MACS
from archdsl.cost.metric import Linear


@dataclass(frozen=True)
class Macs(Linear):
    """Multiply-accumulates of convolution, linear and attention products, for one sample."""

    synonyms = ("gmacs", "mult_adds", "madds", "multiply_adds")

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (MACS,)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        return (Fraction(1),)
