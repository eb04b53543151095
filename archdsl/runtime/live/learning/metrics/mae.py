from archdsl.runtime.live.learning.metric import LESS, NUMBERS, Metric
from archdsl.runtime.live.learning.tallies import Distances


class Mae(Metric):
    """The mean absolute error, in standard deviations of the target."""

    needs = (Distances,)
    better = LESS
    kinds = (NUMBERS,)

    @staticmethod
    def value(distances: Distances) -> float:
        return float(distances.total) / max(distances.count, 1)
