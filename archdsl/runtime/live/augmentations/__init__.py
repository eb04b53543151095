"""Training data varied as ``augment=basic`` or ``strong`` says; one file is one kind of data.

``<kind>.py`` has ``vary(x, degree) -> Tensor``, which draws from torch's generator for the CPU.
Inputs are standardised (tokens are ids), so that zero is the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from archdsl.catalog import files
from archdsl.types import padding

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from archdsl.spec.data import Data
    from archdsl.spec.task import Task


class Degree(NamedTuple):
    """``strong`` or basic; ``moves`` where things may change places: not where there is an answer
    for each place, since the answers stay, nor in rows that are ``padded`` with zeros."""

    strong: bool
    moves: bool
    padded: bool = False


@dataclass(frozen=True)
class Augmentation:
    """Varies a batch for a training step."""

    kind: str
    degree: Degree

    def __call__(self, x: Tensor, chance: Generator | int) -> Tensor:
        """A new batch of the same shape, kind and device, the same for the same seed or state of
        the generator; torch's own generators are left as they were."""
        import torch

        seed = chance if isinstance(chance, int) else _drawn(chance)
        before = torch.get_rng_state()
        torch.default_generator.manual_seed(seed)
        try:
            varied: Tensor = import_module(f"{__name__}.{self.kind}").vary(x, self.degree)
        finally:
            torch.set_rng_state(before)
        return varied


def augmentation(data: Data, task: Task | None) -> Augmentation | None:
    """What the ``data`` clause says of augmentation; None for ``augment=none``."""
    kind = type(data).__name__.lower()
    if data.augment == "none" or kind not in files(__name__):
        return None
    moves = all(_may_move(one, data) for _, one in task.heads) if task is not None else True
    padded = padding(data.tensor()) is not None
    return Augmentation(kind, Degree(data.augment == "strong", moves and not padded, padded))


def _drawn(chance: Generator) -> int:
    import torch

    return int(torch.randint(2**62, (), generator=chance, device=chance.device))


def _may_move(task: Task, data: Data) -> bool:
    """Whether an answer stays right where what flows in is moved: not where it is of a place, or of
    what comes after."""
    return task.unit(data) not in ("pixel", "token") and not task.foretells
