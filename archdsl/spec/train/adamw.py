from typing import ClassVar

from archdsl.spec.fields import Flag, Fraction, Real
from archdsl.spec.train import DECOUPLED, Decays, Rates, Train


class Adamw(Train):
    """Adam with decoupled weight decay."""

    decays: ClassVar[Decays] = DECOUPLED
    weight_decay: Real = 0.01
    beta1: Fraction = 0.9
    beta2: Fraction = 0.999
    amsgrad: Flag = False

    @property
    def rates(self) -> Rates:
        """2e-5 (Devlin et al., 2018, arXiv:1810.04805) to 0.004 for batches of 4,096 (Liu et
        al., 2022, arXiv:2201.03545)."""
        return Rates(1e-8, 0.05, 0.001)

    @property
    def state(self) -> float:
        return 3 if self.amsgrad else 2
