from archdsl.spec.fields import Fraction
from archdsl.spec.train import Rates, Train


class Adamax(Train):
    """Adam under the infinity norm."""

    beta1: Fraction = 0.9
    beta2: Fraction = 0.999

    @property
    def rates(self) -> Rates:
        """0.002 (Kingma & Ba, 2014, arXiv:1412.6980, section 7.1)."""
        return Rates(1e-8, 0.1, 0.002)

    @property
    def state(self) -> float:
        return 2
