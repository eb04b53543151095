from typing import ClassVar

from archdsl.spec.fields import Fraction
from archdsl.spec.train import Decays, Rates, Train


class Lion(Train):
    """The sign of interpolated momentum."""

    decays: ClassVar[Decays] = Decays(1e-6, 0.1, 10)  # as much more as the rate is less
    beta1: Fraction = 0.9
    beta2: Fraction = 0.99

    @property
    def rates(self) -> Rates:
        """Three to ten times less than AdamW's (Chen et al., 2023, arXiv:2302.06675, section 5)."""
        return Rates(1e-9, 0.005, 0.0001)

    @property
    def state(self) -> float:
        return 1
