import math

from archdsl.runtime.live.learning.metric import LESS, Metric
from archdsl.runtime.live.tallies import Squares, steps
from archdsl.spec.task import Answer


class Rmse(Metric):
    """The root of the mean squared error, in standard deviations of the target; the mean over
    several targets."""

    needs = (Squares,)
    better = LESS
    of = (Answer.NUMBERS,)

    @staticmethod
    def value(squares: Squares) -> float:
        import torch

        each = torch.as_tensor(squares.errors) / max(squares.count, 1)
        found = float(each.sqrt().mean())
        return found if math.isfinite(found) else math.inf

    @staticmethod
    def by_step(squares: Squares) -> list[float]:
        each = steps(squares.errors, squares.count)
        return [] if each is None else each.sqrt().mean(-1).tolist()
