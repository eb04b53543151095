"""Whether a design can tell in which order the positions of its input came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.graph.flat import is_input
from archdsl.rules.facts_positions import latest
from archdsl.rules.facts_structure import attention
from archdsl.rules.marks import NONE
from archdsl.rules.units import FREE, ORDERED, Permuting, Units, fixed, start

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


IN_ORDER = (types.Tokens, types.Image, types.Volume)  # data that is another thing in another order


def orders(case: Case) -> dict[int, list[Units]]:
    """By the place of each input that has an order, for each op of ``case.flat.steps`` what becomes
    of its result when the positions of that input change places: of pictures the patches, as they
    are cut by layers whose windows lie side by side. ``ORDERED`` where it may depend on the order
    in other ways."""
    ordered = (place for place, given in case.inputs.items() if isinstance(given, IN_ORDER))
    return {place: _of_input(case, place) for place in ordered}


def _of_input(case: Case, place: int) -> list[Units]:
    permuting = Permuting(isinstance(case.inputs[place], (types.Image, types.Volume)))
    first = {
        other: permuting.kept(start(given) if other == place else fixed(given))
        for other, given in case.inputs.items()
    }
    found: list[Units] = []
    for step in case.flat.steps:
        inputs = [first[source] if is_input(source) else found[source] for source in step.inputs]
        found.append(permuting.through(step.node, step.node.reads(), inputs))
    return found


def unordered(case: Case) -> list[int]:
    """The inputs of whose order the answer provably does not depend: in another order of that
    input it is the same, or the same in that order."""
    output, reached = case.flat.output, case.fact(latest)
    if is_input(output):
        return []
    if reached is not None and max(reached[output].at) == NONE:
        return [case.subject] if case.subject in case.fact(orders) else []
    return [place for place, known in case.fact(orders).items() if known[output] != ORDERED]


def unordered_attention(case: Case) -> list[Step]:
    """The layers that attend to positions whose order nothing in the design tells."""
    steps = case.fact(attention)
    if not steps:
        return []
    found: dict[int, Step] = {}
    for place in case.fact(unordered):
        known = case.fact(orders)[place]
        for step in steps:
            before = [
                start(case.inputs[k]) if k == place else FREE if is_input(k) else known[k]
                for k in case.flat.steps[step.place].inputs
            ]
            if any(units.held for units in before):
                found[step.place] = step
    return [found[place] for place in sorted(found)]
