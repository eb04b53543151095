"""``params``"""

from dataclasses import dataclass
from fractions import Fraction

from archdsl.cost.compose import Composition
from archdsl.cost.counts import PARAMETERS
from archdsl.cost.metric import Linear


@dataclass(frozen=True)
class Params(Linear):
    """Learned numbers."""

    synonyms = ("parameters", "num_params", "num_parameters", "param_count")

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (PARAMETERS,)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        return (Fraction(1),)
