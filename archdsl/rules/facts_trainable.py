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
