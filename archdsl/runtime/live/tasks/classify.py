"""The classes of ``classify``: numbers from 0 on, by their order where data have others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live import ladder, losses
from archdsl.runtime.live.tasks import LiveTask, Targets, at_places
from archdsl.spec.task import classify

if TYPE_CHECKING:
    from archdsl.runtime.live.arrays import Array
    from archdsl.runtime.live.ladder import Rung
    from archdsl.runtime.live.losses import Loss
    from archdsl.runtime.live.tasks import Given
    from archdsl.spec.data import Data
    from archdsl.types import TensorType


class Classify(LiveTask[classify.Classify]):
    judges = ("error", "accuracy")
    called = ("error rate", "accuracy")

    def loss(self, out: TensorType) -> Loss:
        axis = losses.axis_of(out)
        return losses.Logistic(axis) if self.task.classes == 1 else losses.CrossEntropy(axis)

    def targets(self, given: Given, data: Data) -> Targets:
        wanted = self.task.classes
        found = _of_wholes(given, wanted) if given.is_whole else _of_places(given, wanted)
        return Targets(found.astype("int64"), wanted)

    def baselines(self, takes: TensorType) -> dict[str, Rung]:
        return ladder.of_classes(takes)


def _of_wholes(given: Given, wanted: int) -> Array:
    import numpy as np

    y = given.y.reshape(-1) if given.y.shape[1:] == (1,) else given.y
    if y.ndim != 1:
        raise BadInput(
            f"{given.name}: y has shape {given.y.shape}, not one class for each {given.unit} "
            "(of one-hot rows give argmax(1))"
        )
    found, numbers = np.unique(y, return_inverse=True)
    if len(found) != max(wanted, 2):
        classes = "1 class" if len(found) == 1 else f"{len(found):,} classes"
        raise BadInput(
            f"{given.name} has {classes}, the spec `task classify({wanted})`; "
            "they have to be as many"
        )
    return numbers.reshape(-1)


def _of_places(given: Given, wanted: int) -> Array:
    """Class numbers below the spec's as they are, else as many different values as it has."""
    import numpy as np

    y, most = at_places(given, "a class"), max(wanted, 2)
    if y.dtype.kind in "biu" or (y.dtype.kind == "f" and (y == np.floor(y)).all()):
        whole: Array = y.astype("int64")
        if whole.min() >= 0 and whole.max() < most:
            return whole
    found, numbers = np.unique(y, return_inverse=True)
    if len(found) != most:
        raise BadInput(
            f"{given.name} has {len(found):,} classes, from {found[0]} to {found[-1]}, the spec "
            f"`task classify({wanted})`; they have to be numbers below {most}, or as many"
        )
    classes: Array = numbers.reshape(y.shape)
    return classes
