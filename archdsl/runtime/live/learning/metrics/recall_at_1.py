from archdsl.runtime.live.learning.metric import Metric
from archdsl.runtime.live.tallies import Vectors
from archdsl.spec.task import Answer

AT_ONCE = 2**22  # cosines


class RecallAt1(Metric):
    """How often the nearest of the other vectors, by the cosine, is one of the same class."""

    needs = (Vectors,)
    is_share = True
    of = (Answer.VECTOR,)

    @staticmethod
    def value(seen: Vectors) -> float:
        import torch

        if not seen.found:
            return 0.0
        vectors = torch.nn.functional.normalize(torch.cat(seen.found), dim=-1)
        asked, right = torch.cat(seen.asked), 0
        size = max(AT_ONCE // len(vectors), 1)
        for start in range(0, len(vectors), size):
            near = vectors[start : start + size] @ vectors.T
            own = torch.arange(len(near))
            near[own, own + start] = -torch.inf
            nearest = asked[near.argmax(-1)]
            right += int((nearest == asked[start : start + size]).sum())
        return right / len(vectors)
