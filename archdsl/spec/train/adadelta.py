from archdsl.spec.fields import Fraction
from archdsl.spec.train import Train


class Adadelta(Train):
    """Steps scaled by running averages of squared gradients and of squared steps."""

    rho: Fraction = 0.9

    @property
    def state(self) -> float:
        return 2
