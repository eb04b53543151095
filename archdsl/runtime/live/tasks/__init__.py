"""How each task is trained: ``archdsl/runtime/live/tasks/<word>.py`` holds one class named after
the word, the live side of ``archdsl/spec/task/<word>.py``; imported when it is first asked for."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar

from archdsl import types
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.losses import Squares, axis_of, shares_of
from archdsl.spec.task import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.runtime.live.arrays import Array, Parts
    from archdsl.runtime.live.ladder import Rung
    from archdsl.runtime.live.losses import Loss
    from archdsl.spec.data import Data
    from archdsl.types import TensorType

HOME = "archdsl.runtime.live.tasks"
Its = TypeVar("Its", bound=Task)


class Given(NamedTuple):
    """What some data say is right: ``y`` with an entry for each ``unit`` (or sample of units).

    ``places`` are the sizes of the axes of a sample that have answers of their own, none where
    there is one for each whole sample; ``in_front`` whether targets stand before them (of grids) in
    what a model gives, instead of behind. ``named`` is what is right for each of several tasks.
    """

    name: str
    y: Array
    unit: str
    places: tuple[int, ...] = ()
    in_front: bool = False
    named: Mapping[str, Array] | None = None

    @property
    def is_whole(self) -> bool:
        return not self.places

    def about(self, takes: TensorType) -> Given:
        """With an answer for each of the positions of such an input."""
        places = (takes.length,) if isinstance(takes, types.Tokens) else types.spatial(takes)
        is_grid = isinstance(takes, (types.Image, types.Volume))
        return self._replace(places=places, in_front=is_grid)


class Targets(NamedTuple):
    """What a model is to learn: numbers of ``classes`` (int64), or numbers (float64, ``classes`` is
    0), an entry or a row for each answer."""

    y: Array
    classes: int
    plain: tuple[bool, ...] = ()  # of targets beside each other, those that are class numbers


class LiveTask(Generic[Its]):
    """Base of the live side of a task."""

    judges: ClassVar[tuple[str, str]]  # metrics that baselines are compared by: error, score
    called: ClassVar[tuple[str, str]]  # these, for people

    def __init__(self, task: Its) -> None:
        self.task = task

    def loss(self, out: TensorType) -> Loss:
        """What training makes small, of a model that gives ``out``."""
        raise NotImplementedError

    def targets(self, given: Given, data: Data) -> Targets:
        """What data say is right, as the loss takes it. Raises :class:`BadInput`."""
        raise BadInput(f"`task {self.task}` cannot learn from {given.name}")

    def compared(self, metrics: Mapping[str, float]) -> tuple[float, float]:
        """The error and the score that baselines are compared by."""
        error, score = self.judges
        return metrics[error], metrics[score]

    def baselines(self, takes: TensorType) -> dict[str, Rung]:
        """The simplest models that do the task, simplest first, by name."""
        raise NotImplementedError

    def apart(self, parts: Parts, data: Data) -> dict[str, Parts]:
        """Samples with what is right for each task alone, by its name; a single one has none."""
        return {"": parts}


def live(task: Task) -> LiveTask[Task]:
    """The live side of a task."""
    word = task.word() if len(task.heads) == 1 else "_several"
    module = import_module(f"{HOME}.{word}")
    found: LiveTask[Task] = getattr(module, type(task).__name__)(task)
    return found


def loss_of(task: Task | None, out: TensorType) -> Loss:
    """The loss of a task on what a model gives, results of training only included; without a task,
    squares."""
    found = Squares(axis_of(out)) if task is None else live(task).loss(out)
    return replace(found, shares=shares_of(out, len(found.tasks)))


def misshapen(given: Given, said: str) -> BadInput:
    """The words where there is not ``said`` for each position."""
    have = "×".join(map(str, given.y.shape[1:])) or "a single one"
    return BadInput(
        f"the y of a sample of {given.name} is {have}; the spec takes {said} for each of "
        f"{'×'.join(map(str, given.places))}"
    )


def at_places(given: Given, said: str) -> Array:
    """``y`` with the axes of the positions alone. Raises :class:`BadInput` for others."""
    y = given.y
    for axis in (1, -1):  # an axis of one, before or behind
        if y.ndim == len(given.places) + 2 and y.shape[axis] == 1:
            y = y.squeeze(axis)
    if y.shape[1:] != given.places:
        raise misshapen(given, said)
    return y


def columns_of(given: Given, wanted: int, noun: str, asked: str) -> Array:
    """``y`` as so many numbers for each answer (float64), as the model gives them. Raises
    :class:`BadInput` for more or fewer."""
    return (_row if given.is_whole else _row_at_places)(given, wanted, noun, asked)


def _row(given: Given, wanted: int, noun: str, asked: str) -> Array:
    rows: Array = given.y.reshape(len(given.y), -1).astype("float64")
    if rows.shape[1] != wanted:
        have = f"1 {noun}" if rows.shape[1] == 1 else f"{rows.shape[1]:,} {noun}s"
        each = "" if given.unit == "sample" else f" for each {given.unit}"
        raise BadInput(f"{given.name} has {have}{each}, the spec {asked}")
    return rows


def _row_at_places(given: Given, wanted: int, noun: str, asked: str) -> Array:
    y, places = given.y, given.places
    if wanted == 1 and y.shape[1:] == places:
        y = y[..., None]
    if y.shape[1:] == (*places, wanted):
        y = y if not given.in_front else y.transpose(0, y.ndim - 1, *range(1, y.ndim - 1))
    elif not given.in_front or y.shape[1:] != (wanted, *places):
        raise misshapen(given, f"{wanted} {noun if wanted == 1 else noun + 's'}")
    found: Array = y.astype("float64")
    return found
