from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.learning.metric import Metric
from archdsl.runtime.live.tallies import Kept
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor


class Auroc(Metric):
    """The area under the receiver operating characteristic: how often one of a class is scored
    above one of none. Of more than two classes, and of labels, the mean over those asked for, each
    against the rest; 0.5 where there is only one."""

    needs = (Kept,)
    of = (Answer.CLASS, Answer.LABELS)
    is_costly = True

    @staticmethod
    def value(kept: Kept) -> float:
        import torch
        from sklearn.metrics import roc_auc_score

        scores, asked = torch.cat(kept.scores), torch.cat(kept.asked)
        areas = [
            float(roc_auc_score(right.numpy(), column.numpy()))
            for right, column in _columns(scores, asked)
            if 0 < int(right.sum()) < len(right)
        ]
        return sum(areas) / len(areas) if areas else 0.5


def _columns(scores: Tensor, asked: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """What is right and how it is scored, for each class or label that is asked for."""
    if asked.dim() == 2:
        yield from zip(asked.T, scores.T, strict=True)
    elif scores.shape[1] == 1:
        yield asked == 1, scores[:, 0]
    elif scores.shape[1] == 2:
        yield asked == 1, scores[:, 1] - scores[:, 0]
    else:
        shares = scores.softmax(1)
        for place in sorted(set(asked.tolist())):
            yield asked == place, shares[:, place]
