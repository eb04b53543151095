from archdsl.runtime.live.learning.metric import Metric
from archdsl.runtime.live.tallies import Squares
from archdsl.spec.task import Answer


class R2(Metric):
    """The share of the variance that is explained; the mean over several targets. 1 is all, 0 what
    the mean explains."""

    needs = (Squares,)
    of = (Answer.NUMBERS,)

    @staticmethod
    def value(squares: Squares) -> float:
        import torch

        sums, errors = torch.as_tensor(squares.sums), torch.as_tensor(squares.errors)
        spread = torch.as_tensor(squares.squares) - sums.square() / max(squares.count, 1)
        each = 1 - errors / spread.clamp(min=1e-12)
        return float(each.mean())
