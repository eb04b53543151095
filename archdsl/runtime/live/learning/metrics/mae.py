from archdsl.runtime.live.learning.metric import LESS, Metric
from archdsl.runtime.live.tallies import Distances, steps
from archdsl.spec.task import Answer


class Mae(Metric):
    """The mean absolute error, in standard deviations of the target."""

    needs = (Distances,)
    better = LESS
    of = (Answer.NUMBERS,)

    @staticmethod
    def value(distances: Distances) -> float:
        import torch

        mean = torch.as_tensor(distances.totals) / max(distances.count, 1)
        return float(mean.mean())

    @staticmethod
    def by_step(distances: Distances) -> list[float]:
        each = steps(distances.totals, distances.count)
        return [] if each is None else each.mean(-1).tolist()
