from archdsl.spec.fields import Fraction
from archdsl.spec.train import Rates, Train


class Nadam(Train):
    """Adam with Nesterov momentum."""

    beta1: Fraction = 0.9
    beta2: Fraction = 0.999

    @property
    def rates(self) -> Rates:
        """As Adam's (Dozat, 2016)."""
        return Rates(1e-8, 0.05, 0.002)

    @property
    def state(self) -> float:
        return 2
