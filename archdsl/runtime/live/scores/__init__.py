"""Training-free scores: what an untrained design promises, from a batch or two of data.

One file is one score, ``<name>.py`` with the class ``<Name>``; of each, more is better. ``score``
takes any module and batches; :func:`archdsl.runtime.live.scoring.scored` takes a design.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import deepcopy
from importlib import import_module
from math import isfinite
from typing import TYPE_CHECKING, ClassVar

from archdsl.catalog import files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from archdsl.runtime.live.batches import Batch
    from archdsl.runtime.live.losses import Loss


class NoScore(Exception):
    """A design that a score says nothing of; the message says why."""


class Score(ABC):
    """``batches`` are how many it reads. A subclass's docstring has its formula and its source."""

    batches: ClassVar[int] = 1

    @abstractmethod
    def of(self, module: nn.Module, batches: Sequence[Batch], loss: Loss) -> float:
        """The score of a module in training mode, which it may change.

        Raises :class:`NoScore` where the score is not defined.
        """


def list_scores() -> tuple[str, ...]:
    """The names of all scores."""
    return tuple(files(__name__))


def find(name: str) -> Score:
    """A score by its name. Raises KeyError for an unknown one."""
    if name not in files(__name__):
        raise KeyError(f"there is no score {name!r}; there are {', '.join(list_scores())}")
    module = import_module(f"{__name__}.{name}")
    made: Score = getattr(module, "".join(part.capitalize() for part in name.split("_")))()
    return made


def score(
    name: str, module: nn.Module, batches: Sequence[Batch], loss: Loss, seed: int = 0
) -> float:
    """A score of a module with the weights that it has; the module is left as it is.

    Norms work on the batch, as in training; dropout and stochastic depth rest. The same seed gives
    the same score. Raises :class:`NoScore` where it is not defined, KeyError for an unknown name,
    ValueError for too few batches.
    """
    import torch

    from archdsl.runtime.live.verifying.subject import training_without_dropout

    made = find(name)
    if len(batches) < made.batches:
        raise ValueError(f"{name} reads {made.batches} batches, not {len(batches)}")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        copy = training_without_dropout(deepcopy(module))
        value = made.of(copy, batches[: made.batches], loss)
    if not isfinite(value):
        raise NoScore(f"{name} comes to {value}: what it sums is beyond the range of numbers")
    return value
