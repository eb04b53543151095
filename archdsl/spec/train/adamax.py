from archdsl.spec.fields import Fraction
from archdsl.spec.train import Train


class Adamax(Train):
    """Adam under the infinity norm."""

    beta1: Fraction = 0.9
    beta2: Fraction = 0.999

    @property
    def state(self) -> float:
        return 2
