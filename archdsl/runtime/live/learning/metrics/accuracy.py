from archdsl.runtime.live.learning.metric import CLASSES, TOKENS, Metric
from archdsl.runtime.live.learning.tallies import Hits


class Accuracy(Metric):
    """The share of right answers."""

    needs = (Hits,)
    kinds = (CLASSES, TOKENS)

    @staticmethod
    def value(hits: Hits) -> float:
        return hits.share
