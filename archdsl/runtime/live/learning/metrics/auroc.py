from archdsl.runtime.live.learning.metric import Metric
from archdsl.runtime.live.tallies import Kept
from archdsl.spec.task import Answer


class Auroc(Metric):
    """The area under the receiver operating characteristic: how often one of a class is scored
    above one of none. Of more than two classes the mean over those asked for, each against the
    rest; 0.5 where there is only one."""

    needs = (Kept,)
    of = (Answer.CLASS,)
    is_costly = True

    @staticmethod
    def value(kept: Kept) -> float:
        import torch
        from sklearn.metrics import roc_auc_score

        scores, asked = torch.cat(kept.scores), torch.cat(kept.asked)
        if scores.shape[1] == 1:
            columns = {1: scores[:, 0]}
        elif scores.shape[1] == 2:
            columns = {1: scores[:, 1] - scores[:, 0]}
        else:
            shares = scores.softmax(1)
            columns = {place: shares[:, place] for place in sorted(set(asked.tolist()))}
        areas = [
            float(roc_auc_score((asked == place).numpy(), column.numpy()))
            for place, column in columns.items()
            if 0 < int((asked == place).sum()) < len(asked)
        ]
        return sum(areas) / len(areas) if areas else 0.5
