"""What the task of a design asks of its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from archdsl.rules.case import Case


def gives_numbers(case: Case) -> bool:
    """Whether what the task is about are numbers, with no bounds of their own."""
    return case.task is not None and case.task.answer is Answer.NUMBERS


def classes_apart(case: Case) -> int:
    """Classes or labels that a design has to tell apart, 0 where it does not; tokens are none."""
    task = case.task
    if task is None or task.answer not in (Answer.CLASS, Answer.LABELS):
        return 0
    return task.width(case.data)
