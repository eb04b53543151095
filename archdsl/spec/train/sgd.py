from typing import ClassVar

from archdsl.spec.fields import Flag, Fraction
from archdsl.spec.train import Rates, Train


class Sgd(Train):
    """Stochastic gradient descent, with or without momentum."""

    needs_warmup: ClassVar[bool] = False
    momentum: Fraction = 0
    nesterov: Flag = False

    @property
    def rates(self) -> Rates:
        """With momentum to 3 (Smith & Topin, 2017, arXiv:1708.07120), without it to 30 (Merity et
        al., 2017, AWD-LSTM, arXiv:1708.02182), down to the 1e-10 of Shelhamer et al., 2016,
        arXiv:1605.06211, for losses summed over pixels."""
        return Rates(1e-10, 5 if self.momentum else 50, 0.1, power=1)

    @property
    def state(self) -> float:
        return 1 if self.momentum else 0
