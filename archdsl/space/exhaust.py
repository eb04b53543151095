"""Trying every design of a space, one after another."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds, Meter
from archdsl.space.answers import next_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.evaluate.run import ChoicePoint

LIMIT = 100_000
WORK = 100_000  # layers, values and answers worked out for all designs together
EACH = 10  # what a design is taken for besides its own


class _Replay:
    """Answers as told, then with first options; remembers how many options there were."""

    def __init__(self, answers: list[int]) -> None:
        self.answers = answers
        self.sizes: list[int] = []

    def __call__(self, path: str, point: ChoicePoint) -> int:
        index = len(self.sizes)
        self.sizes.append(point.size)
        if index == len(self.answers):
            self.answers.append(0)
        return self.answers[index]


def every(
    program: Program, bounds: Bounds = DEFAULT, work: float = inf
) -> Iterator[Evaluation | SpecError]:
    """Each design evaluated, or what is wrong with it, in the order of its options.

    Ends with an error when all together take more than so much ``work``: layers, values and
    answers.
    """
    answers: list[int] = []
    meter = Meter()
    while True:
        replay = _Replay(answers)
        yield program.attempt(replay, bounds, meter)
        meter.effort += EACH
        if meter.effort > work:
            raise SpecError(_too_many("so many"))
        answers = next_answers(answers, replay.sizes)
        if not answers:
            return


def exhaust(program: Program, limit: int = LIMIT, bounds: Bounds = DEFAULT) -> int:
    """How many designs fit together, by trying them. Raises when there are more than ``limit``, or
    when they take more than ``WORK``."""
    total = 0
    for number, evaluation in enumerate(every(program, bounds, WORK)):
        if number == limit:
            raise SpecError(_too_many(f"more than {limit}"))
        total += not isinstance(evaluation, SpecError)
    return total


def _too_many(designs: str) -> Diagnostic:
    return Diagnostic(
        "E505",
        f"this space cannot be counted: {designs} designs have to be tried one by one",
        needed="copies of one design (`n * layer`, `shared`) that all give one output type",
    )
