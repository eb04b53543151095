"""Whether a design can tell in which order the positions of its input came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.graph.flat import INPUT
from archdsl.rules.facts_positions import latest
from archdsl.rules.facts_structure import attention
from archdsl.rules.marks import NONE
from archdsl.rules.units import ORDERED, Permuting, Units, start

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


def orders(case: Case) -> list[Units]:
    """For each op of ``case.flat.steps``, what becomes of its result when the positions of the
    input change places: of pictures the patches, as they are cut by layers whose windows lie side
    by side. ``ORDERED`` where it may depend on the order in other ways."""
    permuting = Permuting(isinstance(case.takes, (types.Image, types.Volume)))
    first = permuting.kept(start(case.takes))
    found: list[Units] = []
    for step in case.flat.steps:
        inputs = [first if source == INPUT else found[source] for source in step.inputs]
        found.append(permuting.through(step.node, step.node.reads(), inputs))
    return found


def unordered(case: Case) -> bool:
    """Whether the answer provably depends on no order: in another order of the input it is the
    same, or the same in that order."""
    output, reached = case.flat.output, case.fact(latest)
    if output == INPUT:
        return False
    reads_none = reached is not None and max(reached[output].at) == NONE
    return reads_none or case.fact(orders)[output] != ORDERED


def unordered_attention(case: Case) -> list[Step]:
    """The layers that attend to positions whose order nothing in the design tells."""
    steps = case.fact(attention)
    if not steps or not case.fact(unordered):
        return []
    known = case.fact(orders)
    found: list[Step] = []
    for step in steps:
        sources = case.flat.steps[step.place].inputs
        before = [start(case.takes) if k == INPUT else known[k] for k in sources]
        if any(units.held for units in before):
            found.append(step)
    return found
