"""Targets of which there is one for each pixel, voxel or token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.fitting import COPIES, Fitted, settle, shaped
from archdsl.runtime.live.data.samples import NUMBERS
from archdsl.runtime.live.room import make_room
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.next_token import NextToken
from archdsl.spec.task.regress import Regress

if TYPE_CHECKING:
    from archdsl.runtime.live.data.samples import Array, Samples
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task


def fitted_positions(samples: Samples, data: Data, task: Task) -> Fitted:
    """Samples with an answer for each of their positions. Raises :class:`BadInput`.

    ``y`` of a classification are class numbers, samples x positions (int64); of a regression
    targets as the model gives them: in front of the positions of a grid, behind those of a series.
    """
    takes = data.tensor()
    settle(samples, takes)
    held = COPIES * 4 * len(samples.y) * (types.numel(takes) + data.positions(task.unit(data)))
    make_room(held, f"holding {len(samples.y):,} samples of {samples.name}")
    places = _places(takes)
    if isinstance(task, Regress):
        y, classes = _numbers(samples, places, task.targets, isinstance(takes, _GRIDS)), 0
    elif isinstance(task, NextToken) and isinstance(takes, types.Tokens):
        y, classes = _ids(samples, places, takes.vocab), takes.vocab
    else:
        wanted = task.classes if isinstance(task, Classify) else 0
        y, classes = _classes(samples, places, wanted), wanted
    return Fitted(samples.name, takes, shaped(samples.inputs, takes, samples.name), y, classes)


_GRIDS = (types.Image, types.Volume)


def _places(takes: types.TensorType) -> tuple[int, ...]:
    """The sizes of the axes whose positions have answers."""
    return (takes.length,) if isinstance(takes, types.Tokens) else types.spatial(takes)


def _fitting(samples: Samples, places: tuple[int, ...], said: str) -> Array:
    """Targets with the axes of the positions alone. Raises :class:`BadInput` for others."""
    y = samples.y
    for axis in (1, -1):  # an axis of one, before or behind
        if y.ndim == len(places) + 2 and y.shape[axis] == 1:
            y = y.squeeze(axis)
    if y.shape[1:] != places:
        raise _misshapen(samples, places, said)
    return y


def _misshapen(samples: Samples, places: tuple[int, ...], said: str) -> BadInput:
    have = "×".join(map(str, samples.y.shape[1:])) or "a single one"
    return BadInput(
        f"the y of a sample of {samples.name} is {have}; the spec takes {said} for each of "
        f"{'×'.join(map(str, places))}"
    )


def _classes(samples: Samples, places: tuple[int, ...], wanted: int) -> Array:
    """Class numbers below the spec's as they are, else as many different values as it has."""
    import numpy as np

    y, most = _fitting(samples, places, "a class"), max(wanted, 2)
    if y.dtype.kind in "biu" or (y.dtype.kind == "f" and (y == np.floor(y)).all()):
        whole: Array = y.astype("int64")
        if whole.min() >= 0 and whole.max() < most:
            return whole
    found, numbers = np.unique(y, return_inverse=True)
    if len(found) != most:
        raise BadInput(
            f"{samples.name} has {len(found):,} classes, from {found[0]} to {found[-1]}, the spec "
            f"`task classify({wanted})`; they have to be numbers below {most}, or as many"
        )
    classes: Array = numbers.reshape(y.shape).astype("int64")
    return classes


def _ids(samples: Samples, places: tuple[int, ...], vocab: int) -> Array:
    y = _fitting(samples, places, "an id")
    if y.dtype.kind not in NUMBERS or (y != y.astype("int64")).any():
        raise BadInput(f"{samples.name}: y holds {y.dtype}, and `task next_token()` takes ids")
    if y.min() < 0 or y.max() >= vocab:
        raise BadInput(
            f"{samples.name}: y holds ids from {y.min()} to {y.max()}; the spec takes whole ones "
            f"below {vocab}"
        )
    ids: Array = y.astype("int64")
    return ids


def _numbers(samples: Samples, places: tuple[int, ...], wanted: int, in_front: bool) -> Array:
    y = samples.y
    if y.dtype.kind not in NUMBERS:
        raise BadInput(f"{samples.name}: y holds words, and `task regress` predicts numbers")
    if wanted == 1 and y.shape[1:] == places:
        y = y[..., None]
    if y.shape[1:] == (*places, wanted):
        y = y if not in_front else y.transpose(0, y.ndim - 1, *range(1, y.ndim - 1))
    elif not in_front or y.shape[1:] != (wanted, *places):
        raise _misshapen(samples, places, f"{wanted} {'target' if wanted == 1 else 'targets'}")
    return y.astype("float64")
