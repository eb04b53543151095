import math

from archdsl.runtime.live.learning.metric import LESS, NUMBERS, Metric
from archdsl.runtime.live.learning.tallies import Squares


class Rmse(Metric):
    """The root of the mean squared error, in standard deviations of the target; the mean over
    several targets."""

    needs = (Squares,)
    better = LESS
    kinds = (NUMBERS,)

    @staticmethod
    def value(squares: Squares) -> float:
        import torch

        each = torch.as_tensor(squares.errors) / max(squares.count, 1)
        found = float(each.sqrt().mean())
        return found if math.isfinite(found) else math.inf
