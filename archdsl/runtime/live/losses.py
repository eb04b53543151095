"""What a task minimises, and random targets to try it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.spec.task.classify import Classify
from archdsl.spec.task.next_token import NextToken
from archdsl.types import Outputs

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.spec.task import Task
    from archdsl.types import TensorType

CROSS_ENTROPY, LOGISTIC, SQUARES = "cross-entropy", "binary cross-entropy", "mean squared error"
HIDDEN = -100  # the class of what is not asked for


def hidden(target: Tensor) -> Tensor:
    """Where nothing is asked for."""
    return target.isnan() if target.is_floating_point() else target == HIDDEN


class Loss(NamedTuple):
    """The loss of a task: ``name`` for people; ``axis`` of the result that holds the classes, or
    the numbers of an answer.

    Targets are class numbers, or numbers as many as the result has. What is hidden among them, by
    the class -100 or as what is no number, counts for nothing.
    """

    name: str
    axis: int = -1

    def __call__(self, result: Tensor, target: Tensor) -> Tensor:
        from torch.nn import functional

        if self.name == CROSS_ENTROPY:
            scores = result.movedim(self.axis, -1)
            return functional.cross_entropy(
                scores.flatten(0, -2), target.flatten(), ignore_index=HIDDEN
            )
        target = target.reshape(result.shape)
        shown = ~hidden(target)
        asked = target.to(result.dtype).where(shown, 0)
        if self.name == LOGISTIC:
            total = functional.binary_cross_entropy_with_logits(
                result, asked, shown, reduction="sum"
            )
        else:
            total = functional.mse_loss(result.where(shown, 0), asked, reduction="sum")
        return total / shown.sum()

    def random_target(self, result: Tensor) -> Tensor:
        """A target of the right shape, drawn at random."""
        import torch

        if self.name == CROSS_ENTROPY:
            kinds = result.movedim(self.axis, -1).shape
            return torch.randint(kinds[-1], kinds[:-1], device=result.device)
        if self.name == LOGISTIC:
            return torch.randint(2, result.shape, device=result.device).to(result.dtype)
        return torch.randn_like(result)


def loss_of(task: Task | None, out: TensorType) -> Loss:
    """The loss of a task on what a model gives, of several results the first; without a task,
    squares."""
    kind = (out.parts[0] if isinstance(out, Outputs) else out).kind
    axis = 1 if kind in ("image", "volume") else -1
    if isinstance(task, Classify) and task.classes == 1:
        return Loss(LOGISTIC, axis)
    if isinstance(task, (Classify, NextToken)):
        return Loss(CROSS_ENTROPY, axis)
    return Loss(SQUARES, axis)


def several(results: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """What a model gives, one result or more."""
    return results if isinstance(results, tuple) else (results,)


def random_loss(results: Tensor | tuple[Tensor, ...], loss: Loss) -> Tensor:
    """The loss of a model's results on random targets; results beside the first add squares."""
    first, *others = several(results)
    total = loss(first, loss.random_target(first))
    for other in others:
        total = total + Loss(SQUARES)(other, other.new_empty(other.shape).normal_())
    return total
