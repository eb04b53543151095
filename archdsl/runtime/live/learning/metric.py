"""What can be measured of a trained model, and for which tasks."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.catalog import files
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.next_token import NextToken

if TYPE_CHECKING:
    from archdsl.runtime.live.learning.tallies import Tally
    from archdsl.spec.task import Task

HOME = "archdsl.runtime.live.learning.metrics"
CLASSES, TOKENS, NUMBERS = "classes", "tokens", "numbers"  # what is asked of a model
MORE, LESS = "more", "less"

# What training is judged by, the first that differs: it says which epoch is best.
JUDGED_BY = {CLASSES: ("error", "loss"), TOKENS: ("loss",), NUMBERS: ("rmse", "loss")}


class Metric:
    """Base: worked out from ``needs``, of which ``value`` gets one each.

    ``better`` is more or less; ``kinds`` are the kinds of tasks that have it. One that
    ``is_costly`` is worked out at the end only, or where somebody asks for it by name.
    """

    needs: ClassVar[tuple[type[Tally], ...]]
    better: ClassVar[str] = MORE
    kinds: ClassVar[tuple[str, ...]]
    is_costly: ClassVar[bool] = False

    @staticmethod
    def value(*tallies: Any) -> float:
        raise NotImplementedError


def words() -> tuple[str, ...]:
    """The names of all metrics of trained models."""
    return tuple(files(HOME))


def find(word: str) -> type[Metric]:
    """The metric of a name. Raises KeyError where there is none."""
    if word not in files(HOME):
        raise KeyError(word)
    name = "".join(part.capitalize() for part in word.split("_"))
    metric: type[Metric] = getattr(import_module(f"{HOME}.{word}"), name)
    return metric


def kind_of(task: Task | None) -> str:
    """What a task asks of a model."""
    if isinstance(task, NextToken):
        return TOKENS
    return CLASSES if isinstance(task, Classify) else NUMBERS


def metrics_of(task: Task | None, is_costly: bool = False) -> tuple[str, ...]:
    """The metrics that a task has, those that are costly among them if so asked."""
    kind = kind_of(task)
    found = {word: find(word) for word in words()}
    return tuple(
        word
        for word, metric in found.items()
        if kind in metric.kinds and (is_costly or not metric.is_costly)
    )
