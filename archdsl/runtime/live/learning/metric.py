"""What can be measured of a trained model, and for which tasks."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.catalog import files
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.runtime.live.tallies import Tally
    from archdsl.spec.task import Task

HOME = "archdsl.runtime.live.learning.metrics"
MORE, LESS = "more", "less"
OF_STEP = " of step "
UNASKED = ("rmse", "loss")  # what a training without a task is judged by


class Metric:
    """Base: worked out from ``needs``, of which ``value`` gets one each.

    ``better`` is more or less; ``of`` are the kinds of answers that have it. One that
    ``is_costly`` is worked out at the end only, or where somebody asks for it by name.
    """

    needs: ClassVar[tuple[type[Tally], ...]]
    better: ClassVar[str] = MORE
    of: ClassVar[tuple[Answer, ...]]
    is_costly: ClassVar[bool] = False
    is_share: ClassVar[bool] = False  # from 0 to 1, told in percent

    @staticmethod
    def value(*tallies: Any) -> float:
        raise NotImplementedError

    @staticmethod
    def by_step(*tallies: Any) -> list[float]:
        """The same for each step of a forecast, where it is told so."""
        return []


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


def heads(task: Task | None) -> tuple[tuple[str, Task | None], ...]:
    """The tasks of a model by name, a single one without a name."""
    return (("", None),) if task is None else task.heads


def metrics_of(task: Task | None, is_costly: bool = False) -> tuple[str, ...]:
    """The metrics that a task has, those that are costly among them if so asked; of several tasks
    with their names in front, ``kind.accuracy``, and the loss of all."""
    found = {word: find(word) for word in words()}
    named = [
        f"{name}.{word}" if name else word
        for name, one in heads(task)
        for word, metric in found.items()
        if (Answer.NUMBERS if one is None else one.answer) in metric.of
        and (is_costly or not metric.is_costly)
    ]
    return (*named, *([] if "loss" in named else ["loss"]))


def judges_of(task: Task | None) -> tuple[str, ...]:
    """The metrics that training is judged by: the first that differs says which epoch is best."""
    return UNASKED if task is None else task.judged_by


def rank(metrics: Mapping[str, float], judges: Iterable[str]) -> tuple[float, ...]:
    """What one is better by than another that is larger."""
    return tuple(-metrics[word] if is_better(word) else metrics[word] for word in judges)


def plain(word: str) -> type[Metric]:
    """The metric of a word that may tell of one of several tasks, or of one step:
    ``load.rmse of step 3``."""
    return find(word.partition(OF_STEP)[0].rpartition(".")[2])


def is_better(word: str) -> bool:
    """Whether more of a metric is better, which may be one of several tasks: ``kind.accuracy``."""
    return plain(word).better == MORE


def is_share(word: str) -> bool:
    """Whether a metric is told in percent."""
    return plain(word).is_share
