"""How much of the input each op's positions depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.graph.flat import is_input
from archdsl.graph.nodes import once
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode
    from archdsl.rules.case import Case


class Reach(NamedTuple):
    """``field`` input positions along an axis are seen by one position, ``jump`` lie between two.

    ``flattened``: positions have become features, which a dense layer would read all of.
    """

    field: int = 1
    jump: int = 1
    flattened: bool = False


def reaches(case: Case) -> list[Reach]:
    """The reach of each op, by r += (k - 1)·j, j *= s (Araujo et al. 2019, Distill).

    Pooling all positions into one leaves the field as it is: a mean over local features sees no
    more than they do.
    """
    extent = max(map(types.extent, case.inputs.values()))
    found: list[Reach] = []
    for step in case.steps:
        before = [Reach() if is_input(source) else found[source] for source in step.inputs]
        found.append(_after(step, before, extent))
    return found


def _after(step: Step, before: list[Reach], extent: int) -> Reach:
    field, jump, flattened = before[0]
    for other in before[1:]:
        field, jump = max(field, other.field), min(jump, other.jump)
        flattened = flattened or other.flattened
    traits = step.node.op.traits
    if flattened and Trait.DENSE in traits:
        return Reach(extent, jump, flattened=True)
    window = _window(step.node)
    if window is None:
        return Reach(field, jump, flattened or Trait.FLATTENS in traits)
    reach, stride = window
    return Reach(min(extent, field + (reach - 1) * jump), jump * stride, flattened)


@once
def _window(node: OpNode) -> tuple[int, int] | None:
    """The (extent, stride) of what one position reads, beyond which is padding; None where it sees
    no more than what it reads does: its own place, or all of them pooled into one."""
    window = node.window()
    pooled = max(types.spatial(node.out), default=1) == 1 and Trait.WEIGHTED not in node.op.traits
    if window is None or pooled:
        return None
    reach, stride = window
    return min(reach, max(types.spatial(node.inputs[0]), default=1)), stride
