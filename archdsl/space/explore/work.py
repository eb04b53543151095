"""How much work the steps of an exploration are, each about as many microseconds as it takes.

The work of an exploration is counted, never timed, so that the same is said of a space everywhere.
"""

from __future__ import annotations

from typing import NamedTuple


class Expense(NamedTuple):
    """What a step takes in itself, and for each of the costs that are explored with it."""

    alone: int
    each_cost: int = 0


REPLAY = Expense(10, 2)  # a unit's code run once, without what it meets
EFFORT = Expense(2)  # a layer, a value or an answer worked out in it
PART = Expense(7, 1)  # a place at which it meets another unit
APPLIED = Expense(8, 4)  # an op applied to one set of arguments
STATE = Expense(18)  # a row that has come so far, taken through its next step
OUTCOME = Expense(1)  # an outcome of a part looked at
WAY = Expense(4, 1)  # a way to an outcome put together with what led there before
MERGED = Expense(6, 1)  # a branch put together with those before it
