"""The exact number of designs of a space.

The same resolved expressions that evaluate one design are run here over all at once: a state is a
type that flows with a number of designs that lead to it, and states that agree are merged. What is
chosen once for several places (``n * layer``, ``shared`` blocks, a ``let`` outside bodies) counts
once, provided its choice points look the same at each place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.space.counter import Counter
from archdsl.space.exhaust import exhaust
from archdsl.space.layers import RULES
from archdsl.space.tally import Uncountable

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program


def count(program: Program, bounds: Bounds = DEFAULT) -> int:
    """The number of designs of a program that fit together, before its requirements.

    Raises :class:`~archdsl.diagnostics.SpecError` when none does, or when they cannot be counted
    exactly.
    """
    counter = Counter(RULES, bounds)
    try:
        total = counter.program(program)
    except Uncountable:
        total = exhaust(program, bounds=bounds)
    if not total and counter.refusal is not None:
        raise counter.refusal
    return total


def size_of(program: Program, bounds: Bounds = DEFAULT) -> int | None:
    """Like :func:`count`, but None where that would mean to try designs one by one."""
    try:
        return Counter(RULES, bounds).program(program)
    except (Uncountable, SpecError):
        return None
