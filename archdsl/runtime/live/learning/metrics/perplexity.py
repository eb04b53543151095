import math

from archdsl.runtime.live.learning.metric import LESS, Metric
from archdsl.runtime.live.tallies import Losses
from archdsl.spec.task import Answer


class Perplexity(Metric):
    """The exponential of the mean cross-entropy of a token: of how many it might as well guess."""

    needs = (Losses,)
    better = LESS
    of = (Answer.TOKEN,)

    @staticmethod
    def value(losses: Losses) -> float:
        return math.exp(losses.mean) if losses.mean < 700 else math.inf
