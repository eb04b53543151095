"""What the layers of a design can see: neighbours on a grid, along a sequence or along edges."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import sampler
from archdsl.graph.flat import INPUT, is_input
from archdsl.graph.nodes import once
from archdsl.ops.base import Trait
from archdsl.rules.case import Case
from archdsl.rules.facts_task import gives_numbers
from archdsl.spec.data.series import Series

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program
    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode

SPECIAL = (Trait.CONVOLUTION, Trait.RECURRENT, Trait.ATTENTION, Trait.MESSAGE_PASSING)
_LOOKS_ASIDE = {Trait.WEIGHTED, Trait.MIXES_POSITIONS}
_SWAPS = {Trait.VIEW, Trait.MIXES_POSITIONS}  # axes swapped: a dense layer then mixes positions
_WEIGHS = {Trait.MERGE, Trait.GATED, Trait.MIXES_POSITIONS}  # a product of matrices: attention


def specialised(case: Case) -> list[Step]:
    """The layers made for a kind of data: convolution, recurrence, attention, messages."""
    found = {step.place: step for trait in SPECIAL for step in case.having(trait)}
    return [found[place] for place in sorted(found) if not found[place].beside]


def attention(case: Case) -> list[Step]:
    """The layers that attend to positions; among graph nodes attention is message passing."""
    return [step for step in case.having(Trait.ATTENTION) if not _passes_messages(step.node)]


def mixing(case: Case) -> list[Step]:
    """The steps through which a position sees its neighbours, by weights that all share."""
    return [step for step in case.steps if _mixes(step.node)]


@once
def _mixes(node: OpNode) -> bool:
    traits = node.op.traits
    if traits.issuperset(_SWAPS) or traits.issuperset(_WEIGHS):
        return True
    if not traits.issuperset(_LOOKS_ASIDE) and Trait.ATTENTION not in traits:
        return False
    window = node.window()
    return _passes_messages(node) or (window is not None and window[0] > 1)


def _passes_messages(node: OpNode) -> bool:
    return Trait.MESSAGE_PASSING in node.op.traits


def flattened_stack(case: Case) -> list[Step]:
    """The longest chain of dense layers over flattened positions that no layer mixed before.

    Empty when positions are not flattened, or only after a layer has looked at neighbours.
    """
    flattened = any(_flattens(step.node) for step in case.steps)
    return _stack(case, need_flattening=True) if flattened else []


def pointwise_stack(case: Case) -> list[Step]:
    """The longest chain of layers over single positions that no layer mixed before: dense layers,
    and convolutions that look at nothing beside."""
    return _stack(case, need_flattening=False)


def _stack(case: Case, need_flattening: bool) -> list[Step]:
    open_at = _unmixed(case, need_flattening)
    length: list[int] = []
    before: list[int] = []
    for step in case.steps:
        best = max(step.inputs, key=lambda source: 0 if is_input(source) else length[source])
        so_far = 0 if is_input(best) else length[best]
        dense = _is_dense(step.node) and any(open_at[i] for i in step.inputs)
        length.append(so_far + dense)
        before.append(best)
    return _chain(case, length, before)


def _is_dense(node: OpNode) -> bool:
    traits = node.op.traits
    return Trait.DENSE in traits or (Trait.CONVOLUTION in traits and not _mixes(node))


def _chain(case: Case, length: list[int], before: list[int]) -> list[Step]:
    """The steps that made a length grow, on the way to where it is largest."""
    found: list[Step] = []
    place = max(range(len(length)), key=length.__getitem__, default=INPUT)
    while not is_input(place):
        source = before[place]
        if length[place] > (0 if is_input(source) else length[source]):
            found.append(case.steps[place])
        place = source
    return found[::-1]


def _unmixed(case: Case, need_flattening: bool) -> dict[int, bool]:
    """For each op (and each input), whether its result is flattened and was never mixed."""
    mixed: dict[int, bool] = dict.fromkeys(case.inputs, False)
    flat: dict[int, bool] = dict.fromkeys(case.inputs, not need_flattening)
    places = {step.place for step in case.fact(mixing)}
    for step in case.steps:
        mixed[step.place] = step.place in places or any(mixed[i] for i in step.inputs)
        flat[step.place] = _flattens(step.node) or any(flat[i] for i in step.inputs)
    return {place: flat[place] and not mixed[place] for place in flat}


@once
def _flattens(node: OpNode) -> bool:
    """Whether all numbers of several positions become one vector."""
    taken, out = node.inputs[0], node.out
    if Trait.VIEW not in node.op.traits or not isinstance(out, types.Vector):
        return False
    several = types.numel(taken) > types.channels(taken)
    return several and types.numel(taken) == out.features


def siblings(case: Case) -> tuple[Case, ...]:
    """The other designs of the file that see the same data."""
    return _siblings(case.program, case.siblings)


@lru_cache(maxsize=8)
def _siblings(own: Program, others: tuple[Program, ...]) -> tuple[Case, ...]:
    """Evaluated once for all designs of a space."""
    found = []
    for program in others:
        same = type(program.clauses.data) is type(own.clauses.data)
        if program.input != own.input or not same:
            continue
        with suppress(SpecError):
            found.append(Case(program, program.evaluate(sampler(0))))
    return tuple(found)


def forecasts(case: Case) -> bool:
    """Whether a design tells from a series what numbers come of it."""
    return isinstance(case.data, Series) and gives_numbers(case)


def declared_baseline(case: Case) -> bool:
    """Whether a design is there to be beaten: it says so in its name, or a design of the same file
    reads the structure of the same data."""
    if "baseline" in case.program.name.lower():
        return True
    return any(sibling.fact(specialised) for sibling in case.fact(siblings))
