from archdsl.runtime.live.learning.metric import LESS, Metric
from archdsl.runtime.live.tallies import Losses
from archdsl.spec.task import Answer


class Loss(Metric):
    """What training minimises, over all answers: cross-entropy in nats, mean squared error,
    or what else the task has."""

    needs = (Losses,)
    better = LESS
    of = tuple(Answer)

    @staticmethod
    def value(losses: Losses) -> float:
        return losses.mean
