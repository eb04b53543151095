"""Several tasks of one model: their losses are added up, their targets lie side by side."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.arrays import Part, Scale
from archdsl.runtime.live.losses import HIDDEN, Loss, Term
from archdsl.runtime.live.tallies import Answers
from archdsl.runtime.live.tasks import LiveTask, Targets, live
from archdsl.spec import several
from archdsl.spec.outcome import WrongOutput
from archdsl.spec.task import Answer
from archdsl.types import Auxiliary, Outputs, numel, shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from archdsl.runtime.live.arrays import Array, Parts
    from archdsl.runtime.live.tasks import Given
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task
    from archdsl.types import TensorType


class Head(NamedTuple):
    """One task: how often its loss counts, and the loss."""

    name: str
    weight: float
    loss: Loss


@dataclass(frozen=True)
class Weighted(Loss):
    """The sum of the losses of several results, each as often as its weight says.

    A target is a row for each answer of the first task: the targets of all tasks behind each other.
    """

    name = "weighted sum of losses"
    heads: tuple[Head, ...] = ()

    def apart(self, results: Sequence[Tensor], target: Tensor) -> list[Tensor]:
        """The targets of each result, as its loss takes them."""
        found, start = [], 0
        for head, result in zip(self.heads, results, strict=True):
            rest = head.loss.target_shape(result)[1:]
            part = target[:, start : start + prod(rest)].reshape(len(target), *rest)
            start += prod(rest)
            found.append(part.nan_to_num(HIDDEN).long() if head.loss.is_whole else part)
        return found

    @property
    def tasks(self) -> list[Loss]:
        return [head.loss for head in self.heads]

    def terms(self, results: Sequence[Tensor], target: Tensor) -> list[Term]:
        told = zip(self.heads, self.apart(results, target), strict=True)
        return [Term(head.weight, head.loss, part) for head, part in told]

    def random_targets(self, results: Sequence[Tensor]) -> Tensor:
        import torch

        told = zip(self.heads, self.always(results), strict=True)
        parts = [head.loss.random_target(result) for head, result in told]
        return torch.cat([part.reshape(len(part), -1).float() for part in parts], 1)

    def all_answers(self, results: Sequence[Tensor], target: Tensor) -> dict[str, Answers]:
        always = self.always(results)
        told = zip(self.heads, always, self.apart(always, target), strict=True)
        found = {head.name: head.loss.answers(one, part) for head, one, part in told}
        whole = Answers(target[:, :0], target[:, 0], None, self.of_all(results, target))
        return {"": whole, **found}


class Several(LiveTask[several.Several]):
    judges = ("loss", "loss")
    called = ("loss", "loss")

    def loss(self, out: TensorType) -> Loss:
        parts = out.parts if isinstance(out, Outputs) else (out,)
        always = [part for part in parts if not isinstance(part, Auxiliary)]
        told = zip(self.task.heads, always, strict=False)
        heads = [
            Head(name, 1.0 if task.weight is None else task.weight, live(task).loss(part))
            for (name, task), part in told
        ]
        return Weighted(heads[0].loss.axis, heads=tuple(heads))

    def targets(self, given: Given, data: Data) -> Targets:
        """Rows of float64: class numbers as they are, which ``plain`` names, beside numbers."""
        import numpy as np

        told = given.named or {}
        missing = [name for name in self.task.tasks if name not in told]
        if missing:
            has = ", ".join(told) or "y alone"
            wanted = ", ".join(self.task.tasks)
            raise BadInput(
                f"{given.name} has {has}; each of several tasks is learned from what has its name: "
                f"{wanted}"
            )
        rows: list[Array] = []
        plain: list[bool] = []
        for name, task in self.task.heads:
            one = given._replace(name=f"{given.name}, {name}", y=told[name])
            if task.unit(data) in ("pixel", "token"):
                one = one.about(task.subject(data).tensor())
            found = live(task).targets(one, data)
            rows.append(found.y.reshape(len(found.y), -1).astype("float64"))
            plain += [found.y.dtype.kind in "iu"] * rows[-1].shape[1]
        return Targets(np.concatenate(rows, 1), 0, tuple(plain))

    def apart(self, parts: Parts, data: Data) -> dict[str, Parts]:
        """Those with one answer for each whole sample, which is what baselines learn."""
        found: dict[str, Parts] = {}
        start = 0
        for name, task in self.task.heads:
            out = task.outputs(data)
            assert not isinstance(out, WrongOutput), "fitted data are of tasks that can be done"
            wanted = _shape(task, out, data)
            if task.unit(data) == "sample":
                classes, columns = task.classes_of(data), slice(start, start + prod(wanted))
                found[name] = _alone(parts, columns, wanted, task.answer, classes)
            start += prod(wanted)
        return found


SCORED = (Answer.CLASS, Answer.TOKEN, Answer.VECTOR)  # answers of which a number says what is right


def _shape(task: Task, out: TensorType, data: Data) -> tuple[int, ...]:
    """The shape of what is right for a sample."""
    if task.answer not in SCORED:
        return shape(out)
    positions = numel(out) // task.width(data)
    return (positions,) if positions > 1 else ()


def _alone(
    parts: Parts, columns: slice, wanted: tuple[int, ...], answer: Answer, classes: int
) -> Parts:
    """The samples with some columns of their targets, in the shape that one task has them."""
    is_whole = answer is not Answer.NUMBERS

    def about(part: Part) -> Part:
        y = part.y[:, columns].reshape(len(part.y), *wanted)
        return Part(part.x, y.astype("int64") if is_whole else y)

    inputs, scale = parts.scaled
    if scale is not None:
        scale = Scale(*(one[:, columns].reshape(1, *wanted) for one in scale))
    training = about(parts.training)
    if answer is Answer.VECTOR:
        classes = int(training.y.max()) + 1
    return parts._replace(
        classes=classes,
        training=training,
        validation=about(parts.validation) if parts.validation is not None else None,
        test=about(parts.test),
        scaled=(inputs, None if is_whole else scale),
    )
