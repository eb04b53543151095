"""The numbers of ``regress``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live import ladder, losses
from archdsl.runtime.live.arrays import NUMBERS
from archdsl.runtime.live.tasks import LiveTask, Targets, misshapen
from archdsl.spec.task import regress

if TYPE_CHECKING:
    from archdsl.runtime.live.arrays import Array
    from archdsl.runtime.live.ladder import Rung
    from archdsl.runtime.live.losses import Loss
    from archdsl.runtime.live.tasks import Given
    from archdsl.spec.data import Data
    from archdsl.types import TensorType


class Regress(LiveTask[regress.Regress]):
    judges = ("rmse", "r2")
    called = ("RMSE", "R²")

    def loss(self, out: TensorType) -> Loss:
        return losses.Squares(losses.axis_of(out))

    def targets(self, given: Given, data: Data) -> Targets:
        import numpy as np

        if given.y.dtype.kind not in NUMBERS:
            raise BadInput(f"{given.name}: y holds words, and `task regress` predicts numbers")
        wanted = self.task.targets
        found = _of_wholes(given, wanted) if given.is_whole else _of_places(given, wanted)
        if not np.isfinite(found).all():
            raise BadInput(f"{given.name}: some of y is missing or infinite; fill or drop it first")
        return Targets(found, 0)

    def baselines(self, takes: TensorType) -> dict[str, Rung]:
        return ladder.of_numbers(takes)


def _of_wholes(given: Given, wanted: int) -> Array:
    rows = given.y.reshape(len(given.y), -1).astype("float64")
    if rows.shape[1] != wanted:
        targets = "1 target" if rows.shape[1] == 1 else f"{rows.shape[1]:,} targets"
        each = "" if given.unit == "sample" else f" for each {given.unit}"
        raise BadInput(f"{given.name} has {targets}{each}, the spec `task regress({wanted})`")
    if (rows == rows[0]).all():
        raise BadInput(f"{given.name}: all targets are the same; there is nothing to predict")
    return rows


def _of_places(given: Given, wanted: int) -> Array:
    y, places = given.y, given.places
    if wanted == 1 and y.shape[1:] == places:
        y = y[..., None]
    if y.shape[1:] == (*places, wanted):
        y = y if not given.in_front else y.transpose(0, y.ndim - 1, *range(1, y.ndim - 1))
    elif not given.in_front or y.shape[1:] != (wanted, *places):
        raise misshapen(given, f"{wanted} {'target' if wanted == 1 else 'targets'}")
    return y.astype("float64")
