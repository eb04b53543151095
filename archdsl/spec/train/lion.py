from typing import ClassVar

from archdsl.spec.fields import Fraction
from archdsl.spec.train import Train


class Lion(Train):
    """The sign of interpolated momentum."""

    decoupled: ClassVar[bool] = True
    beta1: Fraction = 0.9
    beta2: Fraction = 0.99

    @property
    def state(self) -> float:
        return 1
