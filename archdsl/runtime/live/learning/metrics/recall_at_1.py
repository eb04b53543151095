from archdsl.runtime.live.learning.metric import Metric
from archdsl.runtime.live.learning.metrics._nearest import nearest
from archdsl.runtime.live.tallies import Vectors
from archdsl.spec.task import Answer


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
        asked = torch.cat(seen.asked)
        right = asked[nearest(vectors, vectors, but_own=True)] == asked
        return int(right.sum()) / len(vectors)
