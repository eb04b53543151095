from archdsl.spec.fields import Flag, Fraction
from archdsl.spec.train import Train


class Sgd(Train):
    """Stochastic gradient descent, with or without momentum."""

    momentum: Fraction = 0
    nesterov: Flag = False

    @property
    def state(self) -> float:
        return 1 if self.momentum else 0
