from archdsl.runtime.live.learning.metric import LESS, Metric
from archdsl.runtime.live.tallies import Losses
from archdsl.spec.task import Answer


class Loss(Metric):
    """What training minimises, over all answers: cross-entropy in nats, or mean squared error."""

    needs = (Losses,)
    better = LESS
    of = (Answer.CLASS, Answer.TOKEN, Answer.NUMBERS)

    @staticmethod
    def value(losses: Losses) -> float:
        return losses.mean
