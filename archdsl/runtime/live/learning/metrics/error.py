from archdsl.runtime.live.learning.metric import LESS, Metric
from archdsl.runtime.live.tallies import Hits
from archdsl.spec.task import Answer


class Error(Metric):
    """The share of wrong answers; of labels, of those that are wrongly there or not."""

    needs = (Hits,)
    better = LESS
    is_share = True
    of = (Answer.CLASS, Answer.LABELS, Answer.TOKEN)

    @staticmethod
    def value(hits: Hits) -> float:
        return 1 - hits.share
