from typing import ClassVar

from archdsl.spec.fields import Fraction
from archdsl.spec.train import Rates, Train


class Radam(Train):
    """Adam with a rectified start."""

    needs_warmup: ClassVar[bool] = False
    beta1: Fraction = 0.9
    beta2: Fraction = 0.999

    @property
    def rates(self) -> Rates:
        """Liu et al., 2019, arXiv:1908.03265, figure 4: to 0.1."""
        return Rates(1e-8, 0.1, 0.001)

    @property
    def state(self) -> float:
        return 2
