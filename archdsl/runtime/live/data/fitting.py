"""Data fitted to what a spec takes and asks, or the words why it does not fit."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.folder import Decoder
from archdsl.runtime.live.room import make_room
from archdsl.runtime.live.tasks import Given, live

if TYPE_CHECKING:
    from archdsl.runtime.live.arrays import Array, Arrays
    from archdsl.runtime.live.data.samples import Samples
    from archdsl.runtime.live.tasks import Targets
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task


COPIES = 3  # of the inputs in memory at once: as read, fitted, and scaled


class Fitted(NamedTuple):
    """``x`` in the shape the model takes, not yet scaled, of several inputs an array each; what is
    drawn at random has no numbers there. ``y`` are class numbers, or targets as samples × targets.
    """

    name: str
    takes: types.TensorType
    x: Arrays
    y: Array
    classes: int  # 0 for regression
    parts: Array | None = None  # of each sample, where they are not drawn
    plain: tuple[bool, ...] = ()  # which targets beside each other are class numbers


def fitted(samples: Samples, data: Data, task: Task | None) -> Fitted:
    """All samples as the model takes them. Raises :class:`BadInput`."""
    takes = data.tensor()
    target, classes, _ = targets(samples, data, task)
    settle(samples, takes)
    held = COPIES * 4 * len(target) * types.numel(takes)
    make_room(held, f"holding {len(target):,} samples of {samples.name}")
    return Fitted(samples.name, takes, shaped(samples.inputs, takes, samples.name), target, classes)


def settle(samples: Samples, takes: types.TensorType) -> None:
    """Tell a folder of images its size. Raises :class:`BadInput` for other kinds."""
    decoder = samples.fetch
    if not isinstance(decoder, Decoder):
        return
    if not isinstance(takes, types.Image) or takes.channels not in (1, 3):
        raise BadInput(f"{samples.name} holds images; the spec takes {types.said(takes)}")
    decoder.size, decoder.channels = (takes.height, takes.width), takes.channels


def shaped(x: Arrays, takes: types.TensorType, name: str) -> Arrays:
    """Inputs in the model's shape; several arrays have theirs. Raises :class:`BadInput`."""
    if isinstance(x, tuple):
        return x
    if isinstance(takes, types.Nodes):
        raise BadInput(f"{name} holds samples in arrays; the spec takes {types.said(takes)}")
    want, have = types.shape(takes), x.shape[1:]
    if isinstance(takes, types.IDS):
        return _ids(x, takes, name)
    moved = _channels_first(x, want) if isinstance(takes, (types.Image, types.Volume)) else x
    is_flat = len(have) == 1 or len(want) == 1
    if moved.shape[1:] != want and not (is_flat and prod(have) == prod(want)):
        raise _misshapen(name, have, takes)
    fitting: Array = moved.reshape(len(x), *want).astype("float32")
    return fitting


def _channels_first(x: Array, want: tuple[int, ...]) -> Array:
    """Channels brought to the front where the data has them last, or none for a single one."""
    have = x.shape[1:]
    if have == (*want[1:], want[0]) and have != want:
        moved: Array = x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1))
        return moved
    return x[:, None] if want[0] == 1 and have == want[1:] else x


def _ids(x: Array, takes: types.Tokens | types.Category, name: str) -> Array:
    if x.shape[1:] != types.shape(takes):
        raise _misshapen(name, x.shape[1:], takes)
    if (x != x.astype("int64")).any() or x.min() < 0 or x.max() >= takes.vocab:
        low, high = x.min(), x.max()
        raise BadInput(
            f"{name} holds ids from {low} to {high}; the spec takes whole ones below {takes.vocab}"
        )
    return x.astype("int64")


def _misshapen(name: str, have: tuple[int, ...], takes: types.TensorType) -> BadInput:
    sizes = "×".join(map(str, have)) or "a single number"
    return BadInput(f"a sample of {name} is {sizes}; the spec takes {types.said(takes)}")


def targets(samples: Samples, data: Data, task: Task | None) -> Targets:
    """What there is to predict of whole samples. Raises :class:`BadInput`."""
    if samples.named is not None:
        held = ", ".join((*data.inputs(), *samples.named))
        wanted = "X and y" if len(data.inputs()) == 1 else "y beside its inputs"
        raise BadInput(f"{samples.name} holds {held}; it has to hold {wanted}")
    if task is None or task.unit(data) not in ("sample", "graph"):
        said = f"`task {task}`" if task is not None else "a spec without a task"
        raise BadInput(
            f"{said} cannot learn from {samples.name}: that takes a task of whole samples"
        )
    return live(task).targets(Given(samples.name, samples.y, "sample"), data)
