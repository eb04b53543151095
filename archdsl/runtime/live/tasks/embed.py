"""The vectors of ``embed``, and the loss that draws those of a class together."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live import ladder, losses
from archdsl.runtime.live.losses import HIDDEN, LEAST, Loss
from archdsl.runtime.live.tallies import Answers
from archdsl.runtime.live.tasks import LiveTask, Targets
from archdsl.spec.task import embed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from archdsl.runtime.live.ladder import Rung
    from archdsl.runtime.live.tasks import Given
    from archdsl.spec.data import Data
    from archdsl.types import TensorType


@dataclass(frozen=True)
class SupervisedContrast(Loss):
    """The supervised contrastive loss (Khosla et al., 2020, arXiv:2004.11362, equation 2): how much
    more a vector points where others of its class in the batch do than where all others do."""

    name = "supervised contrastive loss"
    is_whole = True
    temperature: float = 0.1

    def __call__(self, result: Tensor, target: Tensor) -> Tensor:
        from torch.nn import functional

        rows, target = losses.shown(result, target)
        if len(rows) < 2:
            return 0 * rows.sum()  # nothing to compare
        vectors = functional.normalize(rows, dim=-1)
        near = vectors @ vectors.T / self.temperature
        near.fill_diagonal_(float("-inf"))  # a vector is not compared with itself
        shares = near.log_softmax(-1).masked_fill(near.isneginf(), 0)
        alike = (target[:, None] == target).fill_diagonal_(False)
        others = alike.sum(-1)
        each = -(shares * alike).sum(-1) / others.clamp(min=1)
        return each.sum() / (others > 0).sum().clamp(min=1)

    def target_shape(self, result: Tensor) -> tuple[int, ...]:
        return (len(result),)

    def random_target(self, result: Tensor) -> Tensor:
        """As many classes as leave two samples to each."""
        import torch

        return torch.randint(max(len(result) // 2, 1), (len(result),), device=result.device)

    def lesson(self, result: Tensor, places: Sequence[int]) -> tuple[Tensor, float]:
        """Pairs: vectors that are all the same lose the logarithm of the number of others."""
        import torch

        target = torch.full((len(result),), HIDDEN)
        kinds = torch.arange(len(places)) % max(len(places) // 2, 1)
        target[places] = kinds[torch.randperm(len(places))]
        return target, max(log(max(len(places) - 1, 1)), LEAST)

    def answers(self, result: Tensor, target: Tensor) -> Answers:
        value = self(result, target)
        rows, asked = losses.shown(result, target)
        return Answers(rows, asked, None, value)


class Embed(LiveTask[embed.Embed]):
    judges = ("recall_at_1", "recall_at_1")
    called = ("wrong neighbours", "recall at 1")

    def loss(self, out: TensorType) -> Loss:
        return SupervisedContrast(temperature=self.task.temperature)

    def targets(self, given: Given, data: Data) -> Targets:
        import numpy as np

        y = given.y.reshape(-1) if given.y.shape[1:] == (1,) else given.y
        if y.ndim != 1:
            raise BadInput(
                f"{given.name}: y has shape {given.y.shape}, not one class for each {given.unit}: "
                "those of a class are alike"
            )
        found, numbers, counts = np.unique(y, return_inverse=True, return_counts=True)
        if len(found) < 2 or counts.max() < 2:
            raise BadInput(
                f"{given.name} has {len(found):,} classes of at most {counts.max():,} samples; "
                "`task embed` learns from two classes or more, some of several samples"
            )
        return Targets(numbers.reshape(-1).astype("int64"), len(found))

    def compared(self, metrics: Mapping[str, float]) -> tuple[float, float]:
        recall = metrics["recall_at_1"]
        return 1 - recall, recall

    def baselines(self, takes: TensorType) -> dict[str, Rung]:
        return ladder.of_vectors(takes, self.task.dimension)
