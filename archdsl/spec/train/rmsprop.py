from archdsl.spec.fields import Flag, Fraction
from archdsl.spec.train import Train


class Rmsprop(Train):
    """Gradients over a running root mean square."""

    momentum: Fraction = 0
    alpha: Fraction = 0.99
    centered: Flag = False

    @property
    def state(self) -> float:
        return 1 + bool(self.momentum) + self.centered
