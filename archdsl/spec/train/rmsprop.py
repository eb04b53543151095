from archdsl.spec.fields import Flag, Fraction
from archdsl.spec.train import Rates, Train


class Rmsprop(Train):
    """Gradients over a running root mean square."""

    momentum: Fraction = 0
    alpha: Fraction = 0.99
    centered: Flag = False

    @property
    def rates(self) -> Rates:
        """0.0007 to 0.256 for batches of 4,096 (Tan & Le, 2021, arXiv:2104.00298)."""
        return Rates(1e-8, 0.5, 0.01)

    @property
    def state(self) -> float:
        return 1 + bool(self.momentum) + self.centered
