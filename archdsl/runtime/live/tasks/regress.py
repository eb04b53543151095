"""The numbers of ``regress``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live import ladder, losses
from archdsl.runtime.live.arrays import NUMBERS
from archdsl.runtime.live.tallies import Answers
from archdsl.runtime.live.tasks import LiveTask, Targets, columns_of
from archdsl.spec.task import regress
from archdsl.types import Sequence, inputs

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.runtime.live.arrays import Array
    from archdsl.runtime.live.ladder import Rung
    from archdsl.runtime.live.losses import Loss
    from archdsl.runtime.live.tasks import Given
    from archdsl.spec.data import Data
    from archdsl.types import TensorType


class OfSteps(losses.Squares):
    """Of the numbers at the steps of a forecast."""

    def answers(self, result: Tensor, target: Tensor) -> Answers:
        """A row for each sample, of steps x targets, so that metrics are known for each step."""
        value = self(result, target)
        found, asked = losses.shown(result, target.reshape(result.shape))
        return Answers(found, asked, None, value)


class Regress(LiveTask[regress.Regress]):
    judges = ("rmse", "r2")
    called = ("RMSE", "R²")

    def loss(self, out: TensorType) -> Loss:
        return OfSteps() if self.task.horizon else losses.Squares(losses.axis_of(out))

    def targets(self, given: Given, data: Data) -> Targets:
        import numpy as np

        if given.y.dtype.kind not in NUMBERS:
            raise BadInput(f"{given.name}: y holds words, and `task regress` predicts numbers")
        found = self._of_steps(given) if self.task.horizon else self._found(given)
        if not np.isfinite(found).all():
            raise BadInput(f"{given.name}: some of y is missing or infinite; fill or drop it first")
        return Targets(found, 0)

    def _found(self, given: Given) -> Array:
        wanted = self.task.targets
        y = columns_of(given, wanted, "target", f"`task {self.task}`")
        if given.is_whole and (y == y[0]).all():
            raise BadInput(f"{given.name}: all targets are the same; there is nothing to predict")
        return y

    def _of_steps(self, given: Given) -> Array:
        """Samples x steps x targets; of one target the last axis may be missing."""
        wanted = (self.task.horizon, self.task.targets)
        y = given.y[..., None] if self.task.targets == 1 and given.y.ndim == 2 else given.y
        if y.shape[1:] != wanted:
            have = "×".join(map(str, given.y.shape[1:])) or "a single one"
            raise BadInput(
                f"the y of a sample of {given.name} is {have}; the spec takes steps × targets: "
                f"{wanted[0]}×{wanted[1]}"
            )
        if (y == y[0]).all():
            raise BadInput(f"{given.name}: all targets are the same; there is nothing to predict")
        return y.astype("float64")

    def baselines(self, takes: TensorType) -> dict[str, Rung]:
        return ladder.of_numbers(takes, self._series(takes))

    def _series(self, takes: TensorType) -> int | None:
        """The place of the input that goes on: the only one, or a forecast's; else none does."""
        each = inputs(takes)
        if self.task.horizon is None or len(each) == 1:
            return 0 if len(each) == 1 else None
        found = [name for name, one in each.items() if isinstance(one, Sequence)]
        return list(each).index(self.task.of if self.task.of in each else found[0])
