"""Which positions of the input reach which positions of each result."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archdsl import types
from archdsl.graph.flat import INPUT
from archdsl.ops.reads import channel
from archdsl.rules.marks import Marks, TooMuch, Tracing

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode
    from archdsl.ops.reads import Laid, Reads
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
    start = tracing.kept(positions_of(case.takes))
    found: list[Marks] = []
    try:
        for step in case.flat.steps:
            found.append(
                after(tracing, step, [start if k == INPUT else found[k] for k in step.inputs])
            )
    except TooMuch:
        return None
    return found


def after(tracing: Tracing, step: Step, inputs: list[Marks]) -> Marks:
    """The marks of the result of an op."""
    sizes = [sizes_of(x) for x in step.node.inputs]
    return tracing.through(reads_of(step.node), inputs, sizes, sizes_of(step.node.out))


def reads_of(node: OpNode) -> tuple[Reads | Laid, ...]:
    """What an op reads, asked once for all its copies."""
    if reads_of not in node.known:
        node.known[reads_of] = node.op.reads(*node.inputs)
    found: tuple[Reads | Laid, ...] = node.known[reads_of]
    return found


def positions_of(x: types.TensorType) -> Marks:
    """Every position of an input by its number; a vector has one."""
    sizes = sizes_of(x)
    at = None if isinstance(x, types.Tokens) else channel(x)
    axes = tuple(axis for axis in range(len(sizes)) if axis != at)
    return Marks(axes, range(prod(sizes[axis] for axis in axes)))


def sizes_of(x: types.TensorType) -> Sizes:
    """The sizes of a tensor, of several the first one's."""
    return types.shape(x.parts[0] if isinstance(x, types.Outputs) else x)
