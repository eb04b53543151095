from archdsl.spec.fields import Real
from archdsl.spec.train import Train


class Adagrad(Train):
    """Gradients over the root of the sum of all squares so far."""

    lr_decay: Real = 0

    @property
    def state(self) -> float:
        return 1
