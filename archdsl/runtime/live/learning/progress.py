"""What a training is asked, tells as it goes, and comes to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.live.learning.metric import rank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from torch import nn

    from archdsl.spec.train import Train

EPOCHS = 30  # where nobody says how many

# How a training ended.
FINISHED, PATIENCE, TIME, STOPPED, DIVERGED = "finished", "patience", "time", "stopped", "diverged"


class Stopped(Exception):
    """Raised by what a training reports to, to end it; the message says why."""


class Options(NamedTuple):
    """What is asked of a training besides what its ``train`` clause says.

    ``seed`` is that of the weights, the order of samples and dropout. ``seconds`` are the most that
    it may take; ``device`` is ``cpu`` or ``cuda``, by default the graphics card where PyTorch finds
    one. ``metrics`` are measured on the validation samples after each epoch, by default all that
    the task has and that are quick.
    """

    epochs: int = EPOCHS
    seed: int = 0
    seconds: float | None = None
    device: str | None = None
    metrics: tuple[str, ...] | None = None

    @classmethod
    def of(cls, train: Train, seconds: float | None = None, device: str | None = None) -> Options:
        """What a ``train`` clause says of them."""
        return cls(train.epochs or EPOCHS, train.seed, seconds, device)


class Epoch(NamedTuple):
    """One epoch of a training.

    ``loss`` is the mean over its batches, as they were when learned from; ``validation`` the
    metrics afterwards (nothing where no samples are for it); ``rate`` the learning rate of its last
    step; ``seconds`` those since training began. One that time cut short is an epoch, too.
    """

    number: int
    loss: float
    validation: dict[str, float]
    rate: float
    seconds: float


Report = "Callable[[Epoch], None]"  # may raise Stopped


class Learned(NamedTuple):
    """A trained model.

    ``module`` has the weights of the epoch that was best on the validation samples, or the last
    one where there are none, and is in evaluation mode. ``ended`` is finished, patience, time,
    stopped or diverged, ``reason`` says it in words. ``best`` is the number of the epoch, 0 when
    not one was finished. ``test`` measures the module on the test samples: all metrics of its task.
    """

    module: nn.Module
    epochs: tuple[Epoch, ...]
    best: int
    ended: str
    reason: str
    seconds: float
    precision: str
    test: Callable[[], dict[str, float]]

    @property
    def metrics(self) -> dict[str, float]:
        """The validation metrics of the best epoch."""
        return self.epochs[self.best - 1].validation if self.best else {}


def best_of(epochs: Sequence[Epoch], judges: Sequence[str]) -> int:
    """The number of the best epoch: the first of those that are best in the first of the metrics
    they are judged by, and among them in the next. The last one where none was measured."""
    if not epochs or not epochs[-1].validation:
        return len(epochs)
    return min(epochs, key=lambda epoch: rank(epoch.validation, judges)).number


def unsound(numbers: Iterable[float]) -> bool:
    """Whether one of them is no finite number."""
    return not all(map(math.isfinite, numbers))
