"""Facts about layers in a row: how many no path avoids, and between which ops."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.graph.flat import INPUT, is_input
from archdsl.ops.base import Trait
from archdsl.rules.facts_paths import nested, path, weighted_before

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode
    from archdsl.rules.case import Case

_GATING = {Trait.MERGE, Trait.GATED}
WAYS_ROUND = (Trait.ADDITIVE, Trait.CONCATENATIVE, Trait.INTERPOLATING)


class LayerRow(NamedTuple):
    """``length`` layers that no path avoids, the last of them at ``end`` or before it."""

    length: int
    end: int


def layers(case: Case) -> list[int]:
    """For each op, how many layers in a row it is.

    The depthwise half of a separable convolution is one layer with the pointwise half behind it,
    and a recurrent stack written as one op is as many as it has.
    """
    halves = _depthwise_halves(case)
    return [0 if step.place in halves else _stacked(step) for step in case.steps]


def unavoidable(case: Case) -> list[int]:
    """For each op, the layers that every path from the input to it passes."""
    return fewest(case, case.fact(layers))


def fewest(case: Case, counts: Sequence[int]) -> list[int]:
    """For each op, the sum of counts on the path to it that has the least."""
    found: list[int] = []
    for step in case.steps:
        found.append(min(_at(found, source) for source in step.inputs) + counts[step.place])
    return found


def stacked(case: Case) -> list[int]:
    """For each op, the layers on the longest path to it; those of a gate stand beside what it
    gates, not before it."""
    counts = case.fact(layers)
    found: list[int] = []
    for step in case.steps:
        before = [_at(found, source) for source in step.inputs]
        choose = min if len(before) > 1 and _gates(step.node) else max
        found.append(choose(before) + counts[step.place])
    return found


def _gates(node: OpNode) -> bool:
    """Whether one of its inputs is a gate for what another gives."""
    traits = node.op.traits
    return traits.issuperset(_GATING) and Trait.INTERPOLATING not in traits


def between_skips(case: Case, end: int) -> Iterator[LayerRow]:
    """On the way to a result, the runs that end before a skip passes by some layers, or there."""
    lengths, depths = case.fact(unavoidable), case.fact(stacked)
    length, before = 0, INPUT
    for step in path(case, end):
        passed = _at(lengths, step.place) - _at(lengths, before)
        if not passed and _at(depths, step.place) > _at(depths, before):
            yield LayerRow(length, before)
            length = 0
        length, before = length + passed, step.place
    yield LayerRow(length, before)


def _at(lengths: Sequence[int], place: int) -> int:
    return 0 if is_input(place) else lengths[place]


def bodies(case: Case, lengths: Sequence[int]) -> Iterator[LayerRow]:
    """What ways round pass by: for each input of a merge that keeps others, the run from where a
    shorter input parts from it. ``lengths``: for each op, what no path to it avoids."""
    for merge in [step for trait in WAYS_ROUND for step in case.having(trait)]:
        at = {source: _at(lengths, source) for source in merge.inputs}
        for source, before in nested(case, at).items():
            yield LayerRow(
                at[source] - (min(at.values()) if before is None else at[before]), source
            )


def row(run: LayerRow, counts: Sequence[int], lengths: Sequence[int], case: Case) -> list[Step]:
    """The layers of a run along a shortest path, in order."""
    place, left, found = run.end, run.length, list[int]()
    while not is_input(place) and left > 0:
        if counts[place]:
            found.append(place)
            left -= counts[place]
        place = min(case.steps[place].inputs, key=lambda source: _at(lengths, source))
    return [case.steps[place] for place in reversed(found)]


def _stacked(step: Step) -> int:
    traits = step.node.op.traits
    if Trait.WEIGHTED not in traits:
        return 0
    return int(getattr(step.node.op, "layers", 1)) if Trait.RECURRENT in traits else 1


def _depthwise_halves(case: Case) -> set[int]:
    before = case.fact(weighted_before)
    pointwise = (step for step in case.having(Trait.CONVOLUTION) if _is_pointwise(step))
    halves = {before[step.place] for step in pointwise} - {INPUT}
    return {place for place in halves if _is_depthwise(case.steps[place])}


def _is_pointwise(step: Step) -> bool:
    return step.node.window() == (1, 1)


def _is_depthwise(step: Step) -> bool:
    channels = types.channels(step.node.inputs[0])
    return channels > 1 and getattr(step.node.op, "groups", 1) == channels
