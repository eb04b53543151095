"""How the learning rate changes over a training: the words of ``schedule=``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch.optim import Optimizer

    from archdsl.spec.train import Train

FALLS, FALL = 3, 0.1  # of `step`: a tenth, after each third of the steps but the last


def _cosine(share: float) -> float:
    return (1 + math.cos(math.pi * share)) / 2


def _step(share: float) -> float:
    return FALL ** math.floor(FALLS * share + 1e-9)


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda share: 1.0,
    "linear": lambda share: 1 - share,
    "cosine": _cosine,  # Loshchilov and Hutter (2017), arXiv:1608.03983, without restarts
    "step": _step,  # as of He et al. (2016), arXiv:1512.03385
}  # the rate as a share of `lr`, by how much of the steps after the warm-up is over


class Schedule(NamedTuple):
    """The rate of each step: it rises to ``rates`` over ``warmup`` steps, then goes as ``word``
    says until ``steps`` are over. A rate for each group of the optimizer's weights."""

    word: str
    rates: tuple[float, ...]
    steps: int
    warmup: int

    def factor(self, step: int) -> float:
        """The share of the rate that a step takes, counted from 0."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        return SCHEDULES[self.word]((step - self.warmup) / max(self.steps - self.warmup, 1))

    @property
    def is_constant(self) -> bool:
        return self.word == "constant" and not self.warmup

    def set(self, optimizer: Optimizer, step: int) -> None:
        """Give an optimizer the rate of a step."""
        factor = self.factor(step)
        for group, rate in zip(optimizer.param_groups, self.rates, strict=True):
            group["lr"] = factor * rate


def schedule_of(train: Train, optimizer: Optimizer, epochs: int, steps_each: int) -> Schedule:
    """The schedule of a clause for so many epochs of so many steps. Raises :class:`BadInput` where
    the warm-up leaves none."""
    if train.warmup >= epochs:
        raise BadInput(
            f"warmup={train.warmup:g} leaves nothing of a training of {epochs} epochs: "
            "the learning rate would never arrive"
        )
    rates = tuple(group["lr"] for group in optimizer.param_groups)
    warmup = round(train.warmup * steps_each)
    return Schedule(train.schedule, rates, epochs * steps_each, warmup)
