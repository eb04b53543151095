from archdsl.spec.fields import Fraction
from archdsl.spec.train import Rates, Train


class Adadelta(Train):
    """Steps scaled by running averages of squared gradients and of squared steps."""

    rho: Fraction = 0.9

    @property
    def rates(self) -> Rates:
        """Zeiler, 2012, arXiv:1212.5701, has no rate of its own, which is 1 here."""
        return Rates(1e-6, 10, 1)

    @property
    def state(self) -> float:
        return 2
