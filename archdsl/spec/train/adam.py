from archdsl.spec.fields import Flag, Fraction
from archdsl.spec.train import Rates, Train


class Adam(Train):
    """Adaptive moments."""

    beta1: Fraction = 0.9
    beta2: Fraction = 0.999
    amsgrad: Flag = False

    @property
    def rates(self) -> Rates:
        """0.001 (Kingma & Ba, 2014, arXiv:1412.6980) to 0.01 (Kipf & Welling, 2017,
        arXiv:1609.02907), and 0.2 for a linear model (Wu et al., 2019, arXiv:1902.07153)."""
        return Rates(1e-8, 0.05, 0.001)

    @property
    def state(self) -> float:
        return 3 if self.amsgrad else 2
