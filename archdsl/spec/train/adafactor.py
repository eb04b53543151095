from typing import ClassVar

from archdsl.spec.train import DECOUPLED, Decays, Rates, Train


class Adafactor(Train):
    """Adam's second moments, kept as rows and columns."""

    decays: ClassVar[Decays] = DECOUPLED

    @property
    def rates(self) -> Rates:
        """Shazeer & Stern, 2018, arXiv:1804.04235: shares of the weights' own size."""
        return Rates(1e-7, 1, 0.01)

    @property
    def state(self) -> float:
        return 0.66
