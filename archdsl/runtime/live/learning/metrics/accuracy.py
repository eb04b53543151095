from archdsl.runtime.live.learning.metric import Metric
from archdsl.runtime.live.tallies import Hits
from archdsl.spec.task import Answer


class Accuracy(Metric):
    """The share of right answers; of labels, of those that are rightly there or not."""

    needs = (Hits,)
    is_share = True
    of = (Answer.CLASS, Answer.LABELS, Answer.TOKEN)

    @staticmethod
    def value(hits: Hits) -> float:
        return hits.share
