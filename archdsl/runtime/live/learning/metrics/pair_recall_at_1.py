from archdsl.runtime.live.learning.metric import Metric
from archdsl.runtime.live.tallies import Vectors
from archdsl.spec.task import Answer

AT_ONCE = 2**22  # cosines


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
        size, found = max(AT_ONCE // len(left), 1), 0
        for one, other in ((left, right), (right, left)):
            for start in range(0, len(one), size):
                near = one[start : start + size] @ other.T
                own = torch.arange(len(near))
                found += int((near.argmax(-1) == own + start).sum())
        return found / (2 * len(left))
