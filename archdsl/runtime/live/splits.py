"""Data split into what is learned from and what is tested on, and scaled by the former."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.types import Tokens

if TYPE_CHECKING:
    from archdsl.runtime.live.data.fitting import Fitted
    from archdsl.runtime.live.data.samples import Array
    from archdsl.types import TensorType

TESTED = 0.2
FEWEST = 10


class Part(NamedTuple):
    x: Array
    y: Array


class Split(NamedTuple):
    """The same for every candidate: a fifth of the samples is for testing.

    Inputs are standardised by the mean and deviation of each feature (or channel) of the training
    part, targets of a regression too.
    """

    takes: TensorType
    classes: int
    seed: int
    learn: Part
    test: Part


def split(data: Fitted, seed: int) -> Split:
    """Classes keep their shares in both parts. Raises :class:`BadInput` for too little data."""
    import numpy as np

    if len(data.y) < FEWEST:
        raise BadInput(f"{data.name} has {len(data.y)} samples; comparing takes at least {FEWEST}")
    chance = np.random.default_rng(seed)
    tested = np.zeros(len(data.y), dtype=bool)
    groups = data.y if data.classes else np.zeros(len(data.y), dtype=int)
    for group in np.unique(groups):
        places = chance.permutation(np.flatnonzero(groups == group))
        tested[places[: round(TESTED * len(places))]] = True
    if not tested.any():
        raise BadInput(
            f"{data.name} has too few samples of each class to put any aside for testing"
        )
    x, y = _scaled_inputs(data, ~tested), _scaled_targets(data, ~tested)
    return Split(
        data.takes, data.classes, seed, Part(x[~tested], y[~tested]), Part(x[tested], y[tested])
    )


def _scaled_inputs(data: Fitted, learned: Array) -> Array:
    if isinstance(data.takes, Tokens):
        return data.x
    features_last = data.takes.kind == "sequence"
    mixed = range(1, data.x.ndim - 1) if features_last else range(2, data.x.ndim)
    return _standardised(data.x, learned, (0, *mixed)).astype("float32")


def _scaled_targets(data: Fitted, learned: Array) -> Array:
    return data.y if data.classes else _standardised(data.y, learned, (0,))


def _standardised(values: Array, learned: Array, axes: tuple[int, ...]) -> Array:
    import numpy as np

    seen = values[learned]
    mean = seen.mean(axes, keepdims=True, dtype="float64")
    deviation = seen.std(axes, keepdims=True, dtype="float64")
    constant = deviation <= 1e-8 * abs(mean)
    scaled: Array = (values - mean) / np.where(constant, 1.0, deviation)
    return scaled
