"""Rows of different lengths in arrays: padded, and nothing asked for behind their ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.arrays import NUMBERS
from archdsl.runtime.live.losses import HIDDEN
from archdsl.types import arguments, inputs, padding, said, shape

if TYPE_CHECKING:
    from archdsl.runtime.live.arrays import Array
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task
    from archdsl.types import TensorType


def padded_rows(name: str, given: Any, lengths: Any, takes: TensorType) -> tuple[Array, Array]:
    """Rows as an array, padded with zeros to the length that the spec takes, and how long each is:
    as ``lengths`` say, or as they are where they are given apart. Raises :class:`BadInput`."""
    import numpy as np

    if lengths is None:
        given, lengths = _side_by_side(name, given)
    array, counts = np.asarray(given), np.asarray(lengths)
    length = shape(takes)[0]
    if counts.shape != array.shape[:1] or counts.dtype.kind not in NUMBERS:
        raise BadInput(
            f"{name} has {len(array):,} rows, and lengths of shape {counts.shape} of "
            f"{counts.dtype}; each row has one"
        )
    if array.ndim < 2 or array.shape[1] > length:
        raise BadInput(f"rows of {name} have shape {array.shape[1:]}; the spec takes {said(takes)}")
    whole = counts.astype("int64")
    if len(whole) and ((whole != counts).any() or whole.min() < 1 or whole.max() > array.shape[1]):
        raise BadInput(
            f"the rows of {name} are {counts.min()} to {counts.max()} long; they have to be whole "
            f"numbers from 1 to {array.shape[1]}"
        )
    padded = np.zeros((len(array), length, *array.shape[2:]), array.dtype)
    padded[:, : array.shape[1]] = array
    padded[np.arange(length) >= whole[:, None]] = 0
    return padded, whole


def answers_of_rows(y: Any, takes: TensorType) -> Any:
    """Answers in an array, where each row has a list of as many as it is long."""
    is_list = isinstance(y, (list, tuple)) and all(hasattr(row, "__len__") for row in y)
    if not is_list or len({len(row) for row in y}) < 2:
        return y
    import numpy as np

    array, _ = _side_by_side("y", y)
    more = max(shape(takes)[0] - array.shape[1], 0)
    return np.pad(array, [(0, 0), (0, more), *[(0, 0)] * (array.ndim - 2)])


def _side_by_side(name: str, given: Any) -> tuple[Array, Array]:
    """A list of rows in one array, and their lengths. Raises :class:`BadInput`."""
    import numpy as np

    try:
        rows = [np.asarray(row) for row in given]
        longest = max(len(row) for row in rows)
        padded = np.zeros((len(rows), longest, *rows[0].shape[1:]), np.result_type(*rows))
        for place, row in enumerate(rows):
            padded[place, : len(row)] = row
    except Exception as error:  # arrays of other libraries raise what they like
        raise BadInput(f"{name} is no list of rows: {error}") from None
    return padded, np.array([len(row) for row in rows])


def behind_rows(x: Any, data: Data, task: Task) -> Array | None:
    """Which positions of what a task is about are behind the ends of their rows: samples x
    positions; None where rows are of one length. ``x`` are the arrays that a model is given."""
    import numpy as np

    takes, subject = data.tensor(), task.subject(data)
    about = next(name for name, one in data.inputs().items() if one is subject)
    rows = padding(inputs(takes)[about])
    if rows is None:
        return None
    lengths = x[list(arguments(takes)).index(rows.lengths)]
    found: Array = np.arange(shape(inputs(takes)[about])[0]) >= lengths[:, None]
    return found


def filled_in(y: Array, behind: Array | None) -> Array:
    """Answers with one that is right elsewhere behind the ends of rows, whatever stands there."""
    import numpy as np

    if behind is None or y.ndim < 2 or y.shape[1] > behind.shape[1]:
        return y
    filled = np.empty((*behind.shape, *y.shape[2:]), y.dtype)
    filled[:, : y.shape[1]] = y
    filled[behind] = y[0, 0]
    return filled


def hidden_behind(y: Array, behind: Array | None) -> Array:
    """Targets of which none is asked for behind the ends of rows."""
    if behind is not None:
        y[behind] = math.nan if y.dtype.kind == "f" else HIDDEN
    return y
