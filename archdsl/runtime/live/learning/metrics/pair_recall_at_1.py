from archdsl.runtime.live.learning.metric import Metric
from archdsl.runtime.live.learning.metrics._nearest import nearest
from archdsl.runtime.live.tallies import Vectors
from archdsl.spec.task import Answer


class PairRecallAt1(Metric):
    """How often the nearest of all vectors of the other side, by the cosine, is the partner: the
    mean of both ways."""

    needs = (Vectors,)
    is_share = True
    of = (Answer.PAIR,)

    @staticmethod
    def value(seen: Vectors) -> float:
        import torch

        if not seen.found:
            return 0.0
        sides = torch.cat(seen.found).chunk(2, -1)
        left, right = (torch.nn.functional.normalize(one, dim=-1) for one in sides)
        own = torch.arange(len(left))
        found = (nearest(left, right) == own).sum() + (nearest(right, left) == own).sum()
        return int(found) / (2 * len(left))
