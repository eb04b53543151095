from archdsl.runtime.live.learning.metric import CLASSES, LESS, NUMBERS, TOKENS, Metric
from archdsl.runtime.live.learning.tallies import Losses


class Loss(Metric):
    """What training minimises, over all answers: cross-entropy in nats, or mean squared error."""

    needs = (Losses,)
    better = LESS
    kinds = (CLASSES, TOKENS, NUMBERS)

    @staticmethod
    def value(losses: Losses) -> float:
        return losses.mean
