"""The pairs of ``contrast``, and the loss that tells partners among the samples of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, log1p
from typing import TYPE_CHECKING

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live import ladder, losses
from archdsl.runtime.live.losses import HIDDEN, LEAST, Loss
from archdsl.runtime.live.tallies import Answers
from archdsl.runtime.live.tasks import LiveTask, Targets
from archdsl.spec.task import contrast
from archdsl.types import inputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from archdsl.runtime.live.ladder import Rung
    from archdsl.runtime.live.tasks import Given
    from archdsl.spec.data import Data
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Contrastive(Loss):
    """The cross-entropy of telling the partner of each vector in the batch, the mean of both ways.

    A row holds both vectors of a sample side by side and, where there is no ``temperature``, the
    number by which cosines are multiplied. A target is the number of a sample: nothing but whether
    it is hidden is read of it.
    """

    name = "contrastive loss"
    is_whole = True
    temperature: float | None = 0.07
    within: bool = False  # whether a vector is told from those of its own side, too

    def joined(self, results: Sequence[Tensor]) -> list[Tensor]:
        import torch

        count = contrast.VECTORS + (self.temperature is None)
        return [torch.cat(tuple(results[:count]), -1), *results[count:]]

    def __call__(self, result: Tensor, target: Tensor) -> Tensor:
        import torch
        from torch.nn import functional

        rows, _ = losses.shown(result, target)
        if len(rows) < contrast.VECTORS:
            return 0 * rows.sum()  # nothing to tell apart
        vectors, scale = self._parted(rows)
        left, right = (functional.normalize(one, dim=-1) for one in vectors.chunk(2, -1))
        own = torch.arange(len(rows), device=rows.device)
        if not self.within:
            near = (scale * left) @ right.T
            there, back = functional.cross_entropy(near, own), functional.cross_entropy(near.T, own)
            return (there + back) / 2
        both = torch.cat((left, right))
        near = (torch.cat((scale, scale)) * both) @ both.T
        near = near.masked_fill(
            torch.eye(len(both), dtype=torch.bool, device=rows.device), -torch.inf
        )
        return functional.cross_entropy(near, torch.cat((own + len(own), own)))

    def _parted(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Both vectors side by side, and by what the cosines of each row are multiplied."""
        if self.temperature is None:
            return rows[:, :-1], rows[:, -1:]
        return rows, rows.new_full((len(rows), 1), 1 / self.temperature)

    def target_shape(self, result: Tensor) -> tuple[int, ...]:
        return (len(result),)

    def random_target(self, result: Tensor) -> Tensor:
        import torch

        return torch.arange(len(result), device=result.device)

    def lesson(self, result: Tensor, places: Sequence[int]) -> tuple[Tensor, float]:
        """Pairs: vectors that are all the same lose the logarithm of the number of others."""
        import torch

        target = torch.full((len(result),), HIDDEN)
        target[places] = torch.arange(len(places))
        return target, max(log(max(self._others(len(places)) + 1, 1)), LEAST)

    def least(self, count: int) -> float:
        """Of vectors of which all but partners are as far from each other as they can be."""
        if self.temperature is None or count < contrast.VECTORS:
            return 0.0
        apart = count / (count - 1) / self.temperature  # cosines of 1 and of -1 / (count - 1)
        return log1p(self._others(count) * exp(-apart))

    def _others(self, count: int) -> int:
        """Vectors that a partner is told from."""
        return 2 * (count - 1) if self.within else count - 1

    def answers(self, result: Tensor, target: Tensor) -> Answers:
        value = self(result, target)
        rows, asked = losses.shown(result, target)
        return Answers(self._parted(rows)[0], asked, None, value)


class Contrast(LiveTask[contrast.Contrast]):
    judges = ("pair_recall_at_1", "pair_recall_at_1")
    called = ("partners not found", "recall at 1")

    def loss(self, out: TensorType) -> Loss:
        fixed = None if self.task.is_learned else float(self.task.temperature)
        return Contrastive(temperature=fixed, within=self.task.negatives == "all")

    def targets(self, given: Given, data: Data) -> Targets:
        """The numbers of the samples: each has its partner in itself."""
        import numpy as np

        return Targets(np.arange(len(given.y)), 0)

    def compared(self, metrics: Mapping[str, float]) -> tuple[float, float]:
        recall = metrics["pair_recall_at_1"]
        return 1 - recall, recall

    def baselines(self, takes: TensorType) -> dict[str, Rung]:
        if len(inputs(takes)) != contrast.VECTORS:
            raise BadInput(
                "baselines of pairs are of two inputs: which part of one input is whose partner,"
                " the model alone says"
            )
        return ladder.of_pairs(self.task.dimension)
