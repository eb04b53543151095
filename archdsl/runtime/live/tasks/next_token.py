"""The ids of ``next_token``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live import losses
from archdsl.runtime.live.arrays import NUMBERS
from archdsl.runtime.live.tasks import LiveTask, Targets, at_places
from archdsl.spec.task import next_token

if TYPE_CHECKING:
    from archdsl.runtime.live.losses import Loss
    from archdsl.runtime.live.tasks import Given
    from archdsl.spec.data import Data
    from archdsl.types import TensorType


class NextToken(LiveTask[next_token.NextToken]):
    judges = ("error", "accuracy")
    called = ("error rate", "accuracy")

    def loss(self, out: TensorType) -> Loss:
        return losses.CrossEntropy(losses.axis_of(out))

    def targets(self, given: Given, data: Data) -> Targets:
        y, vocab = at_places(given, "an id"), self.task.width(data)
        if y.dtype.kind not in NUMBERS or (y != y.astype("int64")).any():
            raise BadInput(f"{given.name}: y holds {y.dtype}, and `task next_token()` takes ids")
        if y.min() < 0 or y.max() >= vocab:
            raise BadInput(
                f"{given.name}: y holds ids from {y.min()} to {y.max()}; the spec takes whole ones "
                f"below {vocab}"
            )
        return Targets(y.astype("int64"), vocab)
