from archdsl.runtime.live.learning.metric import LESS, Metric
from archdsl.runtime.live.tallies import Distances
from archdsl.spec.task import Answer


class Mae(Metric):
    """The mean absolute error, in standard deviations of the target."""

    needs = (Distances,)
    better = LESS
    of = (Answer.NUMBERS,)

    @staticmethod
    def value(distances: Distances) -> float:
        return float(distances.total) / max(distances.count, 1)
