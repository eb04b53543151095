"""Runs of steps that are computed with the channels of an image, or a volume, as the last axis.

A norm over the channels works on the last axis: for it alone, an image is permuted, and permuted
back. Where 1x1 convolutions come next, they and what stands between them work there as well, as
``nn.Linear``: one permutation before the norm, and one behind the last of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.emit.pytorch.defaults import default_of
from archdsl.emit.pytorch.modules import UNSET
from archdsl.emit.pytorch.templates import (
    AltStep,
    ChannelsLastStep,
    Flow,
    MadeStep,
    OpStep,
    RepeatStep,
    SlotStep,
    Step,
)
from archdsl.graph.nodes import Chain, OpNode
from archdsl.ops.base import Trait
from archdsl.types import spatial

if TYPE_CHECKING:
    from archdsl.emit.pytorch.containers import Containers
    from archdsl.emit.pytorch.facts import Facts
    from archdsl.graph.nodes import Node


class Runs:
    """Finds the runs in the flows of one class."""

    def __init__(self, facts: Facts, containers: Containers) -> None:
        self.facts = facts
        self.containers = containers

    def together(self, flow: Flow) -> Flow:
        """The steps of a flow, those of each run as one."""
        found: Flow = []
        at = 0
        while at < len(flow):
            end = self._end(flow, at)
            if end > at:
                found.append(ChannelsLastStep([*map(_marked, flow[at:end])], _axes(flow[at])))
            else:
                found.append(flow[at])
                end = at + 1
            at = end
        return found

    def _end(self, flow: Flow, start: int) -> int:
        """Where the run ends that begins at a step: behind its last norm or convolution. It is the
        start itself where none begins."""
        end, convolves = start, False
        if not isinstance(flow[start], OpStep) or not _has(flow[start], Trait.NORM):
            return start
        for place in range(start, len(flow)):
            step = flow[place]
            if not self._works(step):
                break
            convolves = convolves or _has(step, Trait.CONVOLUTION)
            if convolves and (_has(step, Trait.CONVOLUTION) or _has(step, Trait.NORM)):
                end = place + 1
        return end

    def _works(self, step: Step) -> bool:
        """Whether a step can be computed with the channels as the last axis, in all copies."""
        if isinstance(step, OpStep):
            nodes = step.rows.items()
            return not step.branches and all(self._is_spelled(row, node) for row, node in nodes)
        if isinstance(step, (SlotStep, MadeStep)):
            return all(map(self._is_alike, step.rows.values()))
        if not isinstance(step, (RepeatStep, AltStep)):
            return False
        return self.containers.stack([step]) and all(map(self._works, _inside(step)))

    def _is_alike(self, node: Node) -> bool:
        """Whether a layer that another class writes is the same wherever the channels are."""
        if isinstance(node, Chain):
            return all(map(self._is_alike, node.steps))
        if not isinstance(node, OpNode):
            return False
        return self.facts.channels_last(node) == self.facts.spelling(node)

    def _is_spelled(self, row: int, node: OpNode) -> bool:
        """Whether an op is written so, whatever the class is given."""
        last = self.facts.channels_last(node)
        if last is None:
            return False
        taken = self.facts.by_place(node).values()
        told = self.containers.traces[row].arguments.get(id(node), ())
        lost = (name for name in told if name not in taken and default_of(last, name) is UNSET)
        return not any(self.containers.varies(row, node, name) for name in lost)


def permuted(axes: int) -> tuple[str, str]:
    """The calls that make the channels the last axis, and the second again."""
    places = range(2, axes + 2)
    last, second = (0, *places, 1), (0, axes + 1, *range(1, axes + 1))
    return f".permute{last}", f".permute{second}"


def _axes(step: Step) -> int:
    """How many axes of positions there are."""
    assert isinstance(step, OpStep)
    return len(spatial(next(iter(step.rows.values())).inputs[0]))


def _marked(step: Step) -> Step:
    if isinstance(step, OpStep):
        return replace(step, channels_last=True)
    if isinstance(step, RepeatStep):
        return replace(step, flow=[*map(_marked, step.flow)])
    if isinstance(step, AltStep):
        return replace(step, yes=[*map(_marked, step.yes)], no=[*map(_marked, step.no)])
    return step


def _has(step: Step, trait: Trait) -> bool:
    """Whether some op of a step has a trait."""
    if isinstance(step, OpStep):
        return any(trait in node.op.traits for node in step.rows.values())
    return any(_has(inner, trait) for inner in _inside(step))


def _inside(step: Step) -> Flow:
    """The steps that a step consists of."""
    if isinstance(step, AltStep):
        return [*step.yes, *step.no]
    return step.flow if isinstance(step, RepeatStep) else []
