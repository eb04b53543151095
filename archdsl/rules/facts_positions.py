"""Which positions of the input reach which positions of each result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.graph.flat import is_input
from archdsl.rules.facts_reads import position_axes, positions, sizes_of
from archdsl.rules.marks import NONE, Marks, TooMuch, Tracing

if TYPE_CHECKING:
    from archdsl import types
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

Sizes = tuple[int, ...]


def latest(case: Case) -> list[Marks] | None:
    """For each op of ``case.flat.steps``, the last input position that each place of its result
    reads, as the model answers once it is trained; positions are counted row by row, and -1 stands
    for none. None where there are too many to follow."""
    return _latest(case, training=False)


def latest_in_training(case: Case) -> list[Marks] | None:
    """The same while it is trained, when statistics of the batch are read too."""
    return _latest(case, training=True)


def _latest(case: Case, training: bool) -> list[Marks] | None:
    tracing = Tracing(training)
    start = starts(case, tracing)
    found: list[Marks] = []
    try:
        for step in case.flat.steps:
            found.append(
                after(tracing, step, [start[k] if is_input(k) else found[k] for k in step.inputs])
            )
    except TooMuch:
        return None
    return found


def starts(case: Case, tracing: Tracing) -> dict[int, Marks]:
    """The marks of each input, by its place: of those that the answers are not about there are
    none."""
    none = tracing.kept(Marks((), (NONE,)))
    own = tracing.kept(positions_of(case.inputs[case.subject]))
    return {**dict.fromkeys(case.inputs, none), case.subject: own}


def after(tracing: Tracing, step: Step, inputs: list[Marks]) -> Marks:
    """The marks of the result of an op."""
    sizes = [sizes_of(x) for x in step.node.inputs]
    return tracing.through(step.node.reads(), inputs, sizes, sizes_of(step.node.out))


def positions_of(x: types.TensorType) -> Marks:
    """Every position of an input by its number; a vector has one."""
    return Marks(position_axes(x), range(positions(x)))
