import math

from archdsl.runtime.live.learning.metric import LESS, TOKENS, Metric
from archdsl.runtime.live.learning.tallies import Losses


class Perplexity(Metric):
    """The exponential of the mean cross-entropy of a token: of how many it might as well guess."""

    needs = (Losses,)
    better = LESS
    kinds = (TOKENS,)

    @staticmethod
    def value(losses: Losses) -> float:
        return math.exp(losses.mean) if losses.mean < 700 else math.inf
