from archdsl.spec.fields import Flag, Fraction
from archdsl.spec.train import Train


class Adam(Train):
    """Adaptive moments."""

    beta1: Fraction = 0.9
    beta2: Fraction = 0.999
    amsgrad: Flag = False

    @property
    def state(self) -> float:
        return 3 if self.amsgrad else 2
