from archdsl.runtime.live.learning.metric import Metric
from archdsl.runtime.live.tallies import PerClass
from archdsl.spec.task import Answer


class F1(Metric):
    """The harmonic mean of precision and recall: of the second of two classes, else the mean over
    all classes or labels that were asked for or found."""

    needs = (PerClass,)
    of = (Answer.CLASS, Answer.LABELS)

    @staticmethod
    def value(seen: PerClass) -> float:
        import torch

        both, either = torch.as_tensor(seen.both), torch.as_tensor(seen.found + seen.asked)
        each = 2 * both.double() / either.clamp(min=1)
        if len(each) == 2 and not seen.is_of_labels:
            return float(each[1])
        return float(each[either > 0].mean()) if bool((either > 0).any()) else 0.0
