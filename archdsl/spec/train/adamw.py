from typing import ClassVar

from archdsl.spec.fields import Flag, Fraction, Real
from archdsl.spec.train import Train


class Adamw(Train):
    """Adam with decoupled weight decay."""

    decoupled: ClassVar[bool] = True
    weight_decay: Real = 0.01
    beta1: Fraction = 0.9
    beta2: Fraction = 0.999
    amsgrad: Flag = False

    @property
    def state(self) -> float:
        return 3 if self.amsgrad else 2
