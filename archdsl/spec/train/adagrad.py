from archdsl.spec.fields import Real
from archdsl.spec.train import Rates, Train


class Adagrad(Train):
    """Gradients over the root of the sum of all squares so far."""

    lr_decay: Real = 0

    @property
    def rates(self) -> Rates:
        """Duchi et al., 2011, JMLR 12; 0.01 to 0.1 are usual."""
        return Rates(1e-7, 5, 0.01)

    @property
    def state(self) -> float:
        return 1
