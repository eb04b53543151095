"""What training changes of a design: all learned numbers but the frozen ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost import counts

if TYPE_CHECKING:
    from archdsl.rules.case import Case


def trainable(case: Case) -> int:
    """Learned numbers that training changes."""
    return counts.trainable(case.graph)


def frozen(case: Case) -> int:
    """Learned numbers that stay as they are."""
    return case.params - case.fact(trainable)


def frozen_share(case: Case) -> float:
    """The part of all learned numbers that stays as it is: 0 of a design without any."""
    return case.fact(frozen) / case.params if case.params else 0.0
