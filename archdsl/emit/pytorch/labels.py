"""What steps are called when the spec has no name for them."""

from __future__ import annotations

from archdsl.emit.pytorch.names import snake
from archdsl.emit.pytorch.templates import (
    CallStep,
    Flow,
    MadeStep,
    ModuleStep,
    OpStep,
    RefStep,
    SlotStep,
)


def call_name(step: CallStep) -> str:
    """The block's name."""
    return snake(step.unit.fragments[0].name)


def flow_name(flow: Flow) -> str:
    """The name of the first step that has one."""
    for step in flow:
        if isinstance(step, CallStep):
            return call_name(step)
        if isinstance(step, OpStep):
            op = next(iter(step.rows.values())).op
            return op.attribute or op.word()
        if isinstance(step, ModuleStep):
            return next(iter(step.ref.rows.values())).name
        if isinstance(step, (SlotStep, MadeStep)):
            return step.parameter
    return "block"


def outside_name(step: RefStep) -> str:
    """A tensor of a body outside: its name, if all copies have the same."""
    names = {ref.name for ref in step.rows.values()}
    name = names.pop() if len(names) == 1 else "skip"
    return "outer" if name == "x" else name
