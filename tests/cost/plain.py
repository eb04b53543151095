"""The metrics once more, the plain way: over the flat list of ops, every copy by itself."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from archdsl import types
from archdsl.graph.flat import INPUT, Flat, input_places, is_input
from archdsl.graph.nodes import Learning
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import Graph
    from archdsl.spec.device import Device
    from archdsl.types import TensorType


def params(graph: Graph) -> int:
    """Each weight once, however often the module it belongs to is applied."""
    made = [step.node for step in Flat(graph).steps if not step.again]
    return sum(node.op.params(*node.inputs) for node in made)


def macs(graph: Graph) -> int:
    return sum(step.node.op.macs(*step.node.inputs) for step in in_use(Flat(graph)))


def in_use(flat: Flat) -> list[Step]:
    """The ops that run in use; one that gives several results runs once."""
    used = (step for step in flat.steps if step.node.learning is not Learning.AUXILIARY)
    return [step for step in used if not step.beside]


def results(flat: Flat) -> list[int]:
    """The places of the results that are there in use."""
    out = flat.graph.model.out
    if not isinstance(out, types.Outputs):
        return [flat.output]
    pairs = zip(flat.steps[flat.output].inputs, out.parts, strict=True)
    return [place for place, part in pairs if not isinstance(part, types.Auxiliary)]


def depth(graph: Graph) -> int:
    """Weighted layers on the longest path."""
    flat = Flat(graph)
    found = dict.fromkeys(_inputs(graph), 0)
    for step in flat.steps:
        found[step.place] = max(found[i] for i in step.inputs) + _is_weighted(step)
    return max(found[place] for place in results(flat))


def widths(graph: Graph) -> list[int]:
    """Channels of the weighted layers but the last."""
    found = [types.channels(s.node.out) for s in in_use(Flat(graph)) if _is_weighted(s)]
    return found[:-1] or found or [types.channels(graph.model.takes)]


def receptive_field(graph: Graph) -> int:
    """Over all (field, jump) that any path gives; a field never exceeds the extent."""
    flat = Flat(graph)
    extent = max(max(types.spatial(given) or (1,)) for given in _inputs(graph).values())
    found = {place: {(1, 1)} for place in _inputs(graph)}
    for step in flat.steps:
        kernel, stride = step.node.op.window(*step.node.inputs) or (1, 1)
        before = {one for i in step.inputs for one in found[i]}
        found[step.place] = {
            (min(field + (kernel - 1) * jump, extent), jump * stride) for field, jump in before
        }
    return max(field for place in results(flat) for field, _ in found[place])


def latency(graph: Graph, device: Device, batch: int, half: bool) -> float:
    """Seconds, by the roofline."""
    rate = device.compute_half if half and device.compute_half else device.compute
    total = 0.0
    flat = Flat(graph)
    for step in in_use(flat):
        node = step.node
        if node.op.traits & {Trait.VIEW, Trait.STORED}:
            continue
        others = takewhile(lambda one: one.beside, flat.steps[step.place + 1 :])
        out = types.numel(node.out) + sum(types.numel(one.node.out) for one in others)
        work = batch * (2 * node.op.macs(*node.inputs) or out)
        moved = batch * (out + sum(map(types.numel, node.inputs))) + node.op.params(*node.inputs)
        total += max(work / rate, (2 if half else 4) * moved / device.bandwidth) + device.overhead
    return total


def saved(graph: Graph) -> tuple[int, int, int]:
    """Bytes kept for backward, for each sample, for a batch, and for a batch of one beside both: of
    each storage that is kept."""
    flat = Flat(graph)
    base = _bases(flat)
    kept: set[int] = set()
    given: set[str] = set()
    per_sample = fixed = alone = 0
    for step in flat.steps:
        saves = step.node.op.saves(*step.node.inputs)
        per_sample, fixed = per_sample + saves.per_sample, fixed + saves.fixed
        alone += saves.alone
        given |= set(saves.context)
        kept |= {base[step.inputs[index]] for index in saves.inputs}
        kept |= {base[step.place]} if saves.output else set()
    width = {place: 8 if types.is_ids(_type(flat, place)) else 4 for place in kept}
    per_sample += sum(width[place] * _made(flat, place) for place in kept)
    takes = graph.model.takes
    if isinstance(takes, types.Nodes):
        per_sample += 16 * takes.edges if "edge_index" in given else 0
        per_sample += 4 * takes.edges * takes.edge_features if "edge_attr" in given else 0
        per_sample += 8 * takes.nodes if "batch" in given else 0
        if not takes.graphs:
            return 0, per_sample + fixed, alone
    return per_sample, fixed, alone


def alive(graph: Graph) -> int:
    """The most numbers alive at once: of each storage from when it is made to its last reader."""
    flat = Flat(graph)
    base = _bases(flat)
    end = {place: max(place, INPUT) for place in base.values()}
    steps = in_use(flat)
    for step in steps:
        for source in step.inputs if step.node.op.word() != "outputs" else ():
            end[base[source]] = step.place
    for place in results(flat):
        end[base[place]] = len(flat.steps)
    made = {*_inputs(graph), *(base[step.place] for step in steps)}
    sizes = {place: _made(flat, place) for place in made}
    return max(
        sum(size for place, size in sizes.items() if place <= now <= end[place])
        for now in range(-1, len(flat.steps))
    )


def _inputs(graph: Graph) -> dict[int, TensorType]:
    return input_places(graph.model.takes)


def _bases(flat: Flat) -> dict[int, int]:
    """For each place, the one whose storage it shows."""
    base = {place: place for place in _inputs(flat.graph)}
    for step in flat.steps:
        view = Trait.VIEW in step.node.op.traits
        base[step.place] = base[step.inputs[0]] if view else step.place
    return base


def _type(flat: Flat, place: int) -> TensorType:
    given = _inputs(flat.graph)
    return given[place] if place in given else flat.steps[place].node.out


def _made(flat: Flat, place: int) -> int:
    """The numbers of a tensor that has memory of its own; what is stored lies with the weights."""
    stored = not is_input(place) and Trait.STORED in flat.steps[place].node.op.traits
    return 0 if stored else types.numel(_type(flat, place))


def _is_weighted(step: Step) -> bool:
    return Trait.WEIGHTED in step.node.op.traits
