from archdsl.runtime.live.learning.metric import CLASSES, LESS, TOKENS, Metric
from archdsl.runtime.live.learning.tallies import Hits


class Error(Metric):
    """The share of wrong answers."""

    needs = (Hits,)
    better = LESS
    kinds = (CLASSES, TOKENS)

    @staticmethod
    def value(hits: Hits) -> float:
        return 1 - hits.share
