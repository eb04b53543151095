"""Trying every design of a space, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds, Effort
from archdsl.space.answers import Replay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.evaluate.program import Evaluation, Program

WORK = 100_000  # layers, values and answers worked out for all designs together
EACH = 10  # what a design is taken for besides its own


def every(
    program: Program, bounds: Bounds = DEFAULT, effort: Effort | None = None
) -> Iterator[Evaluation | SpecError]:
    """Each design evaluated, or what is wrong with it, in the order of its options; the ``effort``
    is told what they take."""
    answers: list[int] = []
    while True:
        replay = Replay(answers)
        yield program.attempt(replay, bounds, effort)
        answers = replay.following()
        if not answers:
            return


def exhaust(program: Program, bounds: Bounds = DEFAULT) -> int | None:
    """How many designs fit together, by trying them; None when that takes more than ``WORK``.
    Raises BoundMet when one design takes more than it may."""
    total = 0
    effort = Effort()
    for evaluation in every(program, bounds, effort):
        total += not isinstance(evaluation, SpecError)
        effort.spent += EACH
        if effort.spent > WORK:
            return None
    return total
