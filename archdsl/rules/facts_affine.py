"""Which weighted layers another reads with nothing between them that bends: together they are no
more than one matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.graph.flat import is_input
from archdsl.graph.nodes import once
from archdsl.ops.base import Trait
from archdsl.ops.reads import Reads
from archdsl.rules.facts_paths import back, results

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode
    from archdsl.rules.case import Case

SWAPS_AXES = {Trait.VIEW, Trait.MIXES_POSITIONS}


class AffinePair(NamedTuple):
    """A weighted layer ``first`` and the next one, ``second``, which alone reads it through what is
    ``between`` (the last of these first)."""

    first: Step
    second: Step
    between: tuple[Step, ...]


def is_affine(case: Case) -> bool:
    """Whether all that the (first) result is made of is affine."""
    needed, left = set[int](), [case.fact(results)[0]]
    while left:
        place = left.pop()
        if is_input(place) or place in needed:
            continue
        if not case.steps[place].node.op.is_affine():
            return False
        needed.add(place)
        left.extend(case.steps[place].inputs)
    return True


def affine_pairs(case: Case) -> list[AffinePair]:
    """All of a design, in order."""
    found = (_pair(step, case) for step in case.weighted if step.node.op.is_affine())
    return [pair for pair in found if pair is not None]


def _pair(second: Step, case: Case) -> AffinePair | None:
    between: list[Step] = []
    if _reads_no_numbers(second.node):
        return None
    for step in back(case, second.inputs[0]):
        if not step.node.op.is_affine() or _reads_no_numbers(step.node):
            return None
        if len(case.flat.readers[step.place]) > 1:
            return None
        if Trait.WEIGHTED in step.node.op.traits:
            return AffinePair(step, second, tuple(between))
        if len(step.inputs) > 1:
            return None
        between.append(step)
    return None


@once
def _reads_no_numbers(node: OpNode) -> bool:
    """Whether it gives the same whatever flows in, as what is made of positions alone."""
    return not any(one.makes_a_difference for one in node.reads())


def fills_a_body(pair: AffinePair, case: Case) -> bool:
    """Whether it is the first that stands between the op where paths part and the addition where
    they meet, no activation behind it: all that this body does is linear."""
    if not _begins_a_body(pair.first, case):
        return False
    place = pair.second.place
    while len(readers := case.flat.readers[place]) == 1:
        (place,) = readers
        if Trait.ADDITIVE in case.steps[place].node.op.traits:
            return True
        if not case.steps[place].node.op.is_affine():
            return False
    return False


def _begins_a_body(step: Step, case: Case) -> bool:
    for before in back(case, step.inputs[0]):
        if len(case.flat.readers[before.place]) > 1:
            return True
        if Trait.WEIGHTED in before.node.op.traits or len(before.inputs) > 1:
            return False
    return True


def is_on_purpose(pair: AffinePair, case: Case) -> bool:
    """Whether two layers stand next to each other for a reason other than to be one map."""
    ops = (pair.first.node, *(step.node for step in pair.between))
    known = pair.second.node.known
    if (is_on_purpose, ops) not in known:
        known[is_on_purpose, ops] = is_low_rank(pair) or is_factor(pair) or _is_usual(pair)
    return bool(known[is_on_purpose, ops]) or _smooths(pair.first, case)


def is_low_rank(pair: AffinePair) -> bool:
    """Whether what is handed on is narrower than what goes in and what comes out: two layers then
    have fewer weights than one, and say less (a code, an adapter, a factor)."""
    first, second = pair.first.node, pair.second.node
    between = max(types.channels(first.out), types.channels(second.inputs[0]))
    return between < min(types.channels(first.inputs[0]), types.channels(second.out))


def is_factor(pair: AffinePair) -> bool:
    """Whether the two read along different axes, so that they are a large window or matrix in
    factors: height and width, length and features, neighbours and features."""
    if any(step.node.op.traits.issuperset(SWAPS_AXES) for step in pair.between):
        return True
    layers = (pair.first, pair.second)
    if len({Trait.MESSAGE_PASSING in step.node.op.traits for step in layers}) > 1:
        return True
    first, second = (_axes_of(step.node) for step in layers)
    return bool(first and second) and not first & second


def is_probe(pair: AffinePair) -> bool:
    """Whether the one is applied to each position and the other to the mean of all, as in linear
    probes of what a pretrained network gives (Yang et al. 2021, arXiv:2105.01051)."""
    pools = (step for step in pair.between if Trait.POOLING in step.node.op.traits)
    to_one = any(not types.spatial(step.node.out) for step in pools)
    return to_one and Trait.DENSE in pair.first.node.op.traits


@once
def _axes_of(node: OpNode) -> set[int]:
    """The axes of positions along which a convolution reads more than its own place."""
    if Trait.CONVOLUTION not in node.op.traits:
        return set()
    x = node.inputs[0]
    return {
        number
        for one in node.reads()
        if isinstance(one, Reads)
        for number, (axis, size) in enumerate(zip(one.axes, types.shape(x), strict=True))
        if _is_position(number, x) and (axis.along.extent(size) or (1, 1))[0] > 1
    }


def _is_position(axis: int, x: types.TensorType) -> bool:
    return axis != (1 if isinstance(x, types.Sequence) else 0)


def _is_usual(pair: AffinePair) -> bool:
    """Whether two layers stand next to each other as they do in sound designs: depthwise and
    pointwise convolutions, those turned round, strided ones and those behind an enlarged map."""
    first, second = pair.first, pair.second
    if _is_special(first.node) or _is_special(second.node) or _stride(second) > 1:
        return True
    if _is_pointwise_beside_a_convolution(pair):
        return True
    return _positions(second.node.inputs[0]) > _positions(first.node.out)


def _positions(x: types.TensorType) -> int:
    return types.numel(x) // types.channels(x)


@once
def _is_special(node: OpNode) -> bool:
    op, x = node.op, node.inputs[0]
    if Trait.CONVOLUTION not in op.traits:
        return False
    depthwise = types.channels(x) > 1 and getattr(op, "groups", 1) == types.channels(x)
    return depthwise or Trait.TRANSPOSED in op.traits or not _axes_of(node)


def _is_pointwise_beside_a_convolution(pair: AffinePair) -> bool:
    """A dense layer at each position is what a convolution of one place is."""
    layers = (pair.first, pair.second)
    convolutions = sum(Trait.CONVOLUTION in step.node.op.traits for step in layers)
    return convolutions == 1 and all(_positions(step.node.inputs[0]) > 1 for step in layers)


def _stride(step: Step) -> int:
    window = step.node.window()
    return 1 if window is None else window[1]


def _smooths(step: Step, case: Case) -> bool:
    """Whether it smooths a sum of maps of several scales, as in a feature pyramid: an enlarged map
    was added there."""
    source = case.steps[step.inputs[0]] if not is_input(step.inputs[0]) else step
    if Trait.ADDITIVE not in source.node.op.traits:
        return False
    parts = [case.steps[place].node for place in source.inputs if not is_input(place)]
    return any(types.numel(part.out) > types.numel(part.inputs[0]) for part in parts)
