"""Windows of one long series: the steps that a forecast is told from, and those that follow."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.arrays import TEST, TRAINING, VALIDATION
from archdsl.runtime.live.data.fitting import COPIES, Fitted
from archdsl.runtime.live.data.samples import usable
from archdsl.runtime.live.room import make_room
from archdsl.runtime.live.tasks import Given, live
from archdsl.types import Sequence, said, shape

if TYPE_CHECKING:
    from archdsl.runtime.live.arrays import Array
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task

SHARES = (0.6, 0.8)  # of the series, where training ends and validation


def fitted_windows(name: str, series: Array, targets: list[int], data: Data, task: Task) -> Fitted:
    """All windows of a series (steps x features) with the steps that follow each; ``targets`` are
    the features that are told.

    Three fifths of the series are for training, the next fifth for validation, the last for
    testing; a window lies in one of them with all that is told from it. Raises :class:`BadInput`.
    """
    import numpy as np

    takes, answer = data.tensor(), task.outputs(data)
    assert isinstance(takes, Sequence)
    assert isinstance(answer, Sequence)
    if takes.padded is not None:
        raise BadInput(f"the windows of {name} are all of one length: leave out `padded=true`")
    if series.ndim != 2 or series.shape[1] != takes.features:
        have = "×".join(map(str, series.shape))
        raise BadInput(f"{name} holds a series of {have}; the spec takes {said(takes)}")
    if len(targets) != answer.features:
        raise BadInput(
            f"{name} has {len(targets):,} columns to tell, the spec `task {task}`; --target names "
            "them"
        )
    usable(name, "the series", series)
    whole = takes.length + answer.length
    borders = [0, *(round(share * len(series)) for share in SHARES), len(series)]
    spans = list(pairwise(borders))
    counts = [max(end - start - whole + 1, 0) for start, end in spans]
    if not all(counts):
        least = round(whole / (1 - SHARES[1])) + 1
        raise BadInput(
            f"{name} has {len(series):,} steps; windows of {takes.length} and the {answer.length} "
            f"that follow, in three parts, take at least {least:,}"
        )
    make_room(COPIES * 4 * sum(counts) * prod(shape(takes)), f"holding the windows of {name}")
    starts = np.concatenate([np.arange(s, e - whole + 1) for s, e in spans])
    windows = np.lib.stride_tricks.sliding_window_view(series, whole, axis=0)[starts]
    moved = windows.transpose(0, 2, 1)
    x = moved[:, : takes.length].astype("float32")
    y = moved[:, takes.length :][..., targets]
    parts = np.repeat(np.array([TRAINING, VALIDATION, TEST]), counts)
    told = live(task).targets(Given(name, y, "sample"), data)
    return Fitted(name, takes, x, told.y, told.classes, parts)
