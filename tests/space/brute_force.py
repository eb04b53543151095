"""All designs of a small space, made one by one: what is said of the space is held against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of
from archdsl.evaluate.frames import Frame
from archdsl.evaluate.measures import METER
from archdsl.evaluate.run import Run, no_choices
from archdsl.evaluate.scalars import truth
from archdsl.limits.meter import Meter
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space.exhaust import every

if TYPE_CHECKING:
    from archdsl.evaluate.program import Clauses, Evaluation, Program
    from archdsl.evaluate.scalars import Scalar
    from archdsl.graph.nodes import Graph


class Tried(NamedTuple):
    """A design that fits together and does its task; ``met`` tells which requirements hold,
    ``within`` whether all of those inside bodies do."""

    graph: Graph
    clauses: Clauses
    met: tuple[bool, ...]
    within: bool
    design: dict[str, Any]

    @property
    def valid(self) -> bool:
        """Whether it meets what is required of it."""
        return self.within and all(self.met)

    @property
    def named(self) -> frozenset[tuple[str, Any, type]]:
        """The design, to be looked up; 1, 1.0 and true are three."""
        return named(self.design)


def named(design: dict[str, Any]) -> frozenset[tuple[str, Any, type]]:
    """A design, to be looked up."""
    return frozenset((name, value, type(value)) for name, value in design.items())


def program(text: str) -> Program | None:
    """The program of a text; None when it is refused for reasons of no interest here: options
    that are the same twice, or a task that does not go with the data."""
    try:
        return load(Source(text)).program()
    except SpecError:
        return None


def tried(program: Program, limit: int) -> list[Tried] | None:
    """The designs of a program by trying all combinations of its options; None when there are more
    than ``limit`` of those.
    """
    found: list[Tried] = []
    for number, evaluation in enumerate(every(program)):
        if number == limit:
            return None
        if isinstance(evaluation, SpecError) or not _does_its_task(program, evaluation):
            continue
        met, within = _met(program, evaluation), not evaluation.unmet
        found.append(
            Tried(evaluation.graph, evaluation.clauses, met, within, design_of(evaluation))
        )
    return found


def _does_its_task(program: Program, evaluation: Evaluation) -> bool:
    task, data = program.clauses.task, program.clauses.data
    return task is None or task.check(evaluation.graph.model.out, data) is None


def _met(program: Program, evaluation: Evaluation) -> tuple[bool, ...]:
    frame = Frame({**evaluation.values, METER: Meter(program, evaluation)}, "", 0, 0)
    return tuple(_holds(need.condition, frame) for need in program.requirements)


def _holds(condition: Scalar, frame: Frame) -> bool:
    """Whether a condition holds: not, where it makes no sense (a division by zero)."""
    try:
        return truth(condition, frame, Run(no_choices))
    except SpecError:
        return False
