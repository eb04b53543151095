"""What a model is trained to make small, and random targets to try it on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from archdsl.runtime.live.tallies import Answers
from archdsl.spec.outcome import tasks_of
from archdsl.types import Auxiliary, Outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from archdsl.types import TensorType

HIDDEN = -100  # the class of what is not asked for
LEAST = 0.1  # nats that a constant answer is taken to lose at least


def hidden(target: Tensor) -> Tensor:
    """Where nothing is asked for."""
    return target.isnan() if target.is_floating_point() else target == HIDDEN


class Share(NamedTuple):
    """What a result of a model adds to the loss in training: the place of the ``task`` that it is
    about, None for no task; and where it is ``auxiliary``, there in training only, its weight."""

    task: int | None
    weight: float = 1.0
    auxiliary: bool = False


class Term(NamedTuple):
    """One task: how often its loss counts, the loss, and the target as that takes it."""

    weight: float
    loss: Loss
    target: Tensor


@dataclass(frozen=True)
class Loss:
    """Base: the loss of one result of a model. ``name`` is for people; ``axis`` is the one of the
    result that holds the numbers of an answer: scores of classes, or targets; ``shares`` are those
    of all results of the model.

    What is hidden among the targets, by the class -100 or as what is no number, counts for nothing.
    """

    name: ClassVar[str]
    is_whole: ClassVar[bool] = False  # whether targets are class numbers
    axis: int = -1
    shares: tuple[Share, ...] = ()

    def __call__(self, result: Tensor, target: Tensor) -> Tensor:
        """The mean over all answers that are asked for."""
        raise NotImplementedError

    def random_target(self, result: Tensor) -> Tensor:
        """A target of the right shape, drawn at random."""
        raise NotImplementedError

    def lesson(self, result: Tensor, places: Sequence[int]) -> tuple[Tensor, float]:
        """Targets to be learned by heart at some places of the answers (numbered through), all
        others hidden, and the loss of the best constant answer to them."""
        raise NotImplementedError

    def answers(self, result: Tensor, target: Tensor) -> Answers:
        """A batch of answers as metrics take them: a row for each, the hidden ones left out."""
        raise NotImplementedError

    def target_shape(self, result: Tensor) -> tuple[int, ...]:
        """The shape of the targets for a result."""
        return tuple(result.shape)

    def least(self, count: int) -> float:
        """What so many answers that are as good as can be lose."""
        return 0.0

    def joined(self, results: Sequence[Tensor]) -> Sequence[Tensor]:
        """The results of a model, those that make one answer together side by side in one."""
        return results

    def rows(self, result: Tensor) -> Tensor:
        """A row for each answer."""
        return result.movedim(self.axis, -1).flatten(0, -2)

    @property
    def tasks(self) -> list[Loss]:
        """The loss of each task."""
        return [self]

    def terms(self, results: Sequence[Tensor], target: Tensor) -> list[Term]:
        """What each task adds, of the results that are always there."""
        return [Term(1.0, self, target)]

    def of_all(self, results: Sequence[Tensor], target: Tensor) -> Tensor:
        """The loss that a model is trained by: of the result of each task, and of those of training
        only, which have the target of their task."""
        import torch

        results = self.joined(results)
        terms = self.terms(self.always(results), target)
        total = []
        for result, share in zip(results, self._shares(len(results)), strict=True):
            if share.task is not None:
                weight, loss, wanted = terms[share.task]
                total.append(share.weight * weight * loss(result, wanted))
        return torch.stack(total).sum()

    def always(self, results: Sequence[Tensor]) -> list[Tensor]:
        """The results that are there in use, too."""
        shares = self._shares(len(results))
        return [one for one, share in zip(results, shares, strict=True) if not share.auxiliary]

    def random_targets(self, results: Sequence[Tensor]) -> Tensor:
        """A target at random for a model, as :meth:`of_all` takes it."""
        return self.random_target(self.joined(results)[0])

    def each(self, count: int) -> list[Loss]:
        """The loss of each of so many results: squares, of those that no task is about."""
        tasks = self.tasks
        about = [share.task for share in self._shares(count)]
        return [Squares() if task is None else tasks[task] for task in about]

    def all_answers(self, results: Sequence[Tensor], target: Tensor) -> dict[str, Answers]:
        """The answers of each task by its name, of a single one without a name."""
        return {"": self.answers(self.joined(results)[0], target)}

    def _shares(self, count: int) -> Sequence[Share]:
        """The share of each of so many results: fewer than in training are those always there, or
        those of a loss that joins some."""
        if count == len(self.shares):
            return self.shares
        tasks = len(self.tasks)
        return [Share(place if place < tasks else None) for place in range(count)]


class CrossEntropy(Loss):
    """Of scores of classes, one of which is right; targets are class numbers."""

    name = "cross-entropy"
    is_whole = True

    def target_shape(self, result: Tensor) -> tuple[int, ...]:
        return tuple(result.movedim(self.axis, -1).shape[:-1])

    def __call__(self, result: Tensor, target: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.cross_entropy(self.rows(result), target.flatten(), ignore_index=HIDDEN)

    def random_target(self, result: Tensor) -> Tensor:
        import torch

        kinds = result.movedim(self.axis, -1).shape
        return torch.randint(kinds[-1], kinds[:-1], device=result.device)

    def lesson(self, result: Tensor, places: Sequence[int]) -> tuple[Tensor, float]:
        import torch

        *where, width = result.movedim(self.axis, -1).shape
        target = torch.full(where, HIDDEN)
        kinds = torch.arange(len(places)) % width
        target.view(-1)[places] = kinds[torch.randperm(len(places))]
        shares = torch.bincount(kinds).double() / len(places)
        return target, max(float(torch.special.entr(shares).sum()), LEAST)

    def answers(self, result: Tensor, target: Tensor) -> Answers:
        value = self(result, target)
        rows, asked = shown(self.rows(result), target.flatten())
        return Answers(rows.argmax(-1), asked, rows, value)


class _OfNumbers(Loss):
    """Base of losses whose targets are numbers, as many as the result has."""

    constant: ClassVar[float]  # what the best constant answer loses

    def __call__(self, result: Tensor, target: Tensor) -> Tensor:
        target = target.reshape(result.shape)
        is_asked = ~hidden(target)
        asked = target.to(result.dtype).where(is_asked, 0)
        return self._summed(result, asked, is_asked) / is_asked.sum()

    def _summed(self, result: Tensor, asked: Tensor, is_asked: Tensor) -> Tensor:
        raise NotImplementedError

    def _numbers(self, count: int) -> Tensor:
        """Targets to be learned by heart."""
        raise NotImplementedError

    def lesson(self, result: Tensor, places: Sequence[int]) -> tuple[Tensor, float]:
        import torch

        *where, width = result.movedim(self.axis, -1).shape
        target = torch.full((*where, width), math.nan)
        numbers = self._numbers(len(places) * width)
        target.view(-1, width)[places] = numbers.view(len(places), width)
        return target.movedim(-1, self.axis).contiguous(), self.constant


class Logistic(_OfNumbers):
    """Of scores each of which is for something that is so (1) or not (0)."""

    name = "binary cross-entropy"
    is_whole = True
    constant = math.log(2)

    def _summed(self, result: Tensor, asked: Tensor, is_asked: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.binary_cross_entropy_with_logits(result, asked, is_asked, reduction="sum")

    def _numbers(self, count: int) -> Tensor:
        import torch

        return (torch.arange(count) % 2).float()[torch.randperm(count)]

    def random_target(self, result: Tensor) -> Tensor:
        import torch

        return torch.randint(2, result.shape, device=result.device).to(result.dtype)

    def answers(self, result: Tensor, target: Tensor) -> Answers:
        """Of two classes, that of one score a row."""
        value = self(result, target)
        rows, asked = shown(self.rows(result), target.flatten())
        return Answers((rows[:, 0] > 0).long(), asked, rows, value)


class Squares(_OfNumbers):
    """Of numbers, what they miss squared."""

    name = "mean squared error"
    constant = 1.0

    def _summed(self, result: Tensor, asked: Tensor, is_asked: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.mse_loss(result.where(is_asked, 0), asked, reduction="sum")

    def _numbers(self, count: int) -> Tensor:
        import torch

        numbers = torch.randn(count)
        return (numbers - numbers.mean()) / numbers.std(correction=0) if count > 1 else numbers

    def random_target(self, result: Tensor) -> Tensor:
        import torch

        return torch.randn_like(result)

    def answers(self, result: Tensor, target: Tensor) -> Answers:
        value = self(result, target)
        found, asked = shown(self.rows(result), self.rows(target.reshape(result.shape)))
        return Answers(found, asked, None, value)


def shown(rows: Tensor, asked: Tensor) -> tuple[Tensor, Tensor]:
    """Those that are asked for."""
    unasked = hidden(asked).reshape(len(rows), -1).any(1)
    return (rows[~unasked], asked[~unasked]) if bool(unasked.any()) else (rows, asked)


def axis_of(out: TensorType) -> int:
    """The axis that holds the numbers of an answer, of several results of the first."""
    kind = (out.parts[0] if isinstance(out, Outputs) else out).kind
    return 1 if kind in ("image", "volume") else -1


def shares_of(out: TensorType, tasks: int) -> tuple[Share, ...]:
    """What each result of a model adds to the loss of so many tasks."""
    parts = out.parts if isinstance(out, Outputs) else (out,)
    return tuple(
        Share(task, part.weight, True) if isinstance(part, Auxiliary) else Share(task)
        for part, task in zip(parts, tasks_of(out, tasks), strict=True)
    )


def several(results: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """What a model gives, one result or more."""
    return results if isinstance(results, tuple) else (results,)


def random_loss(results: Tensor | tuple[Tensor, ...], loss: Loss) -> Tensor:
    """The sum of the losses of a model's results on random targets."""
    import torch

    found = loss.joined(several(results))
    told = zip(loss.each(len(found)), found, strict=True)
    return torch.stack([one(part, one.random_target(part)) for one, part in told]).sum()
