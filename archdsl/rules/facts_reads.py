"""What ops read, asked once for all their copies."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archdsl import types
from archdsl.graph.nodes import once
from archdsl.ops.reads import Reads, channel

if TYPE_CHECKING:
    from archdsl.graph.nodes import OpNode
    from archdsl.ops.reads import Along
    from archdsl.rules.case import Case

Axes = tuple[int, ...]
FOLLOWED = 1_000_000  # places along one axis that are looked at one by one, at most


def first_of(x: types.TensorType) -> types.TensorType:
    """A tensor, of several the first one."""
    return x.parts[0] if isinstance(x, types.Outputs) else x


def sizes_of(x: types.TensorType) -> Axes:
    """The sizes of a tensor, of several the first one's."""
    return types.shape(first_of(x))


def channel_axis(x: types.TensorType) -> int | None:
    """The axis of the channels or features; None for ids."""
    x = first_of(x)
    return None if types.is_ids(x) else channel(x)


def position_axes(x: types.TensorType) -> Axes:
    """The axes of the positions."""
    at = channel_axis(x)
    return tuple(axis for axis in range(len(sizes_of(x))) if axis != at)


def positions(x: types.TensorType) -> int:
    """How many positions a tensor has; a vector has one."""
    sizes = sizes_of(x)
    return prod(sizes[axis] for axis in position_axes(x))


def along_positions(one: Reads, x: types.TensorType) -> list[Along]:
    """What is read along each axis of the positions of an input."""
    return [one.axes[axis].along for axis in position_axes(x)]


def can_be_followed(case: Case) -> bool:
    """Whether no axis of a design has more places than may be looked at one by one."""
    longest = max(max(sizes_of(x), default=0) for x in case.inputs.values())
    return longest <= FOLLOWED and all(_can_be_followed(step.node) for step in case.flat.steps)


@once
def _can_be_followed(node: OpNode) -> bool:
    return max(sizes_of(node.out), default=0) <= FOLLOWED
