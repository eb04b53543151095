"""The words of each clause, found by listing ``archdsl/spec/<clause>/<word>.py``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from archdsl.catalog import files

if TYPE_CHECKING:
    from archdsl.spec.fields import ClauseModel
    from archdsl.spec.task import Answer, Task

CLAUSES = ("data", "task", "train", "search")


def words(clause: str) -> tuple[str, ...]:
    """``image``, ``table``, … for ``data``."""
    return tuple(files(f"archdsl.spec.{clause}"))


def task_of(word: str) -> type[Task]:
    """What a task is told as. Raises KeyError for a word that is none."""
    model = find("task", word)
    if model is None:
        raise KeyError(word)
    return cast("type[Task]", model)


def tasks() -> dict[str, type[Task]]:
    """All tasks by their words."""
    return {word: task_of(word) for word in words("task")}


def task_with(answer: Answer) -> type[Task]:
    """The task that asks for answers of a kind, the first of several."""
    return next(task for task in tasks().values() if task.answer is answer)


def find(clause: str, word: str) -> type[ClauseModel] | None:
    """The model of ``<clause> <word>(…)``, or None when there is no such word."""
    if word not in files(f"archdsl.spec.{clause}"):
        return None
    module = import_module(f"archdsl.spec.{clause}.{word}")
    name = "".join(part.capitalize() for part in word.split("_"))
    model: type[ClauseModel] = getattr(module, name)
    return model
