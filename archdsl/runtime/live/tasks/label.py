"""The labels of ``label``: a column of 0 and 1 for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live import ladder, losses
from archdsl.runtime.live.arrays import NUMBERS
from archdsl.runtime.live.losses import Logistic
from archdsl.runtime.live.tallies import Answers
from archdsl.runtime.live.tasks import LiveTask, Targets, columns_of
from archdsl.spec.task import label

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.runtime.live.ladder import Rung
    from archdsl.runtime.live.losses import Loss
    from archdsl.runtime.live.tasks import Given
    from archdsl.spec.data import Data
    from archdsl.types import TensorType


class PerLabel(Logistic):
    """The binary cross-entropy of each label's score."""

    def answers(self, result: Tensor, target: Tensor) -> Answers:
        value = self(result, target)
        rows, asked = losses.shown(self.rows(result), self.rows(target.reshape(result.shape)))
        return Answers((rows > 0).long(), asked.long(), rows, value)


class Label(LiveTask[label.Label]):
    judges = ("error", "accuracy")
    called = ("wrong labels", "accuracy")

    def loss(self, out: TensorType) -> Loss:
        return PerLabel(losses.axis_of(out))

    def targets(self, given: Given, data: Data) -> Targets:
        import numpy as np

        wanted = self.task.labels
        if given.y.dtype.kind not in NUMBERS:
            raise BadInput(
                f"{given.name}: y holds words, and `task label` takes a column of 0 and 1 for each "
                "label"
            )
        y = columns_of(given, wanted, "label", f"`task label({wanted})`")
        if not np.isin(y, (0, 1)).all():
            odd = y[~np.isin(y, (0, 1))].flat[0]
            raise BadInput(
                f"{given.name}: y holds {odd:g}, and `task label` takes 1 for a label that is right"
                " and 0 for one that is not"
            )
        return Targets(y.astype("int64"), wanted)

    def baselines(self, takes: TensorType) -> dict[str, Rung]:
        return ladder.of_labels(takes)
