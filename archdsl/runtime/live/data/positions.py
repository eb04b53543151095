"""Targets of which there is one for each pixel, voxel or token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.fitting import COPIES, Fitted, settle, shaped
from archdsl.runtime.live.data.rows import behind_rows, filled_in, hidden_behind
from archdsl.runtime.live.room import make_room
from archdsl.runtime.live.tasks import Given, live

if TYPE_CHECKING:
    from archdsl.runtime.live.data.samples import Samples
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
    about, x = task.subject(data).tensor(), shaped(samples.inputs, takes, samples.name)
    behind = behind_rows(x, data, task)
    given = Given(samples.name, filled_in(samples.y, behind), task.unit(data))
    y, classes, _ = live(task).targets(given.about(about), data)
    return Fitted(samples.name, takes, x, hidden_behind(y, behind), classes)


def fitted_for_several(samples: Samples, data: Data, task: Task) -> Fitted:
    """Samples with an answer to each of several tasks: rows of their targets. Raises
    :class:`BadInput`."""
    takes = data.tensor()
    if types.lengths_beside(takes) and task.unit(data) == "token":
        raise BadInput(
            f"{samples.name}: several tasks are not trained on tokens of rows of different lengths"
        )
    settle(samples, takes)
    widths = [types.numel(one) for one in task.outputs(data).parts]  # type: ignore[union-attr]
    held = COPIES * 4 * len(samples.y) * (types.numel(takes) + sum(widths))
    make_room(held, f"holding {len(samples.y):,} samples of {samples.name}")
    given = Given(samples.name, samples.y, task.unit(data), named=samples.named)
    y, classes, plain = live(task).targets(given, data)
    x = shaped(samples.inputs, takes, samples.name)
    return Fitted(samples.name, takes, x, y, classes, plain=plain)
