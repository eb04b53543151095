"""Data in arrays: samples in their three parts, and what numbers were standardised by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    from archdsl.types import TensorType

    Array = np.ndarray[Any, Any]
    Arrays = Any  # an array, or of several inputs a tuple of them

TRAINING, VALIDATION, TEST = range(3)
NUMBERS, WORDS = "biuf", "US"  # numpy's letters for kinds of entries


class Part(NamedTuple):
    """Inputs and targets."""

    x: Arrays
    y: Array


class Scale(NamedTuple):
    """What numbers were standardised by, each broadcast over the samples."""

    mean: Array
    deviation: Array

    def standardised(self, values: Array) -> Array:
        scaled: Array = (values - self.mean) / self.deviation
        return scaled.astype("float32")

    def restored(self, scaled: Array) -> Array:
        """The numbers as they were."""
        values: Array = scaled * self.deviation + self.mean
        return values


class Parts(NamedTuple):
    """Samples in three parts, each of which has the classes in the same shares.

    Inputs are standardised by the mean and deviation of each feature (or channel) of the training
    part, targets of a regression too. ``validation`` is None where nothing is chosen by it: its
    samples are in the training part then. ``scaled`` is what inputs and targets were standardised
    by, None for what is not.
    """

    takes: TensorType
    classes: int
    seed: int
    training: Part
    validation: Part | None
    test: Part
    scaled: tuple[Scale | tuple[Scale | None, ...] | None, Scale | None] = (None, None)

    @property
    def learned(self) -> Part:
        """All that may be learned from by what chooses nothing meanwhile."""
        import numpy as np

        if self.validation is None:
            return self.training
        both = (self.training, self.validation)
        y = np.concatenate([part.y for part in both])
        if not isinstance(self.training.x, tuple):
            return Part(np.concatenate([part.x for part in both]), y)
        each = zip(*(arrays_of(part.x) for part in both), strict=True)
        return Part(tuple(np.concatenate(one) for one in each), y)


def arrays_of(x: Arrays) -> tuple[Array, ...]:
    """The arrays of all inputs; mostly it is one."""
    return x if isinstance(x, tuple) else (x,)
