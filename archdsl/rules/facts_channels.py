"""How long channels stay apart: layers in a row through which no channel reads all the others."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.flat import is_input
from archdsl.graph.nodes import once
from archdsl.ops.base import Trait
from archdsl.ops.reads import All, Laid, Own, OwnOrBatch, Together
from archdsl.rules.facts_reads import channel_axis, sizes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode
    from archdsl.ops.reads import Along, Reads
    from archdsl.rules.case import Case
    from archdsl.types import TensorType

_EACH = (Own, OwnOrBatch, Together)


class Labels(tuple[int, ...]):  # noqa: SLOT001 (tuples hold no more slots)
    """For each channel the part that it belongs to. There are many, and they are looked up often:
    their hash is worked out once."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()

    @cached_property
    def parts(self) -> int:
        """How many parts there are."""
        return len(set(self))


Parts = tuple[Labels, ...]  # for each channel those that it reads


class Apart(NamedTuple):
    """``layers`` with weights in a row, the last of them at ``last``, since the op at ``origin``
    gave channels that have not met since: those of one label have."""

    origin: int
    layers: int
    last: int
    labels: Labels


def apart_layers(case: Case) -> list[Step]:
    """The layers with weights that read a part of the channels for each of their own."""
    return [step for step in case.weighted if _reads_a_part(step.node)]


@once
def _reads_a_part(node: OpNode) -> bool:
    alongs = [_along_channels(node, one) for one in node.reads()]
    return not any(along is None or isinstance(along, All) for along in alongs)


def apart(case: Case) -> list[Apart]:
    """For each op of ``case.flat.steps``, how long its channels have been apart. They have met
    where every part is read by some layer together with the others, where what two layers gave is
    joined, and where they are laid out anew."""
    start = {place: _met(place, given) for place, given in case.inputs.items()}
    found: list[Apart] = []
    for step in case.flat.steps:
        sources = [step.inputs[source] for source, _ in _kept_apart(step.node)]
        before = [start[source] if is_input(source) else found[source] for source in sources]
        found.append(_after(step, before) or _met(step.place, step.node.out))
    return found


def _met(place: int, x: TensorType) -> Apart:
    at = channel_axis(x)
    return Apart(place, 0, place, _each_its_own(0 if at is None else sizes_of(x)[at]))


@lru_cache(maxsize=256)
def _each_its_own(count: int) -> Labels:
    return Labels(range(count))


@once
def _kept_apart(node: OpNode) -> tuple[tuple[int, Along], ...]:
    """What the channels of a result read of those of each input; nothing where they meet in it."""
    read = [one for one in node.reads() if one.makes_a_difference]
    alongs = [(one.source, _along_channels(node, one)) for one in read]
    known = [(s, along) for s, along in alongs if along is not None]
    met = len(known) < len(alongs) or any(isinstance(along, All) for _, along in known)
    return () if met else tuple(known)


def _after(step: Step, before: list[Apart]) -> Apart | None:
    """None where the channels have met."""
    if len({state.origin for state in before}) != 1:
        return None
    alongs = [along for _, along in _kept_apart(step.node)]
    read = tuple((along, state.labels) for along, state in zip(alongs, before, strict=True))
    labels = _joined(read, sizes_of(step.node.out)[channel_axis(step.node.out) or 0])
    if labels.parts == 1:
        return None
    longest = max(before, key=lambda state: state.layers)
    if Trait.WEIGHTED not in step.node.op.traits:
        return longest._replace(labels=labels)
    return Apart(longest.origin, longest.layers + 1, step.place, labels)


def _along_channels(node: OpNode, one: Reads | Laid) -> Along | None:
    """What the channels of a result read of those of an input; None where they become others. A
    norm takes their statistics, which is no mixing."""
    taken = channel_axis(node.inputs[one.source])
    given = channel_axis(node.out)
    if isinstance(one, Laid) or taken is None or one.axes[taken].to != given:
        return None
    return Own() if Trait.NORM in node.op.traits else one.axes[taken].along


@lru_cache(maxsize=1024)
def _joined(read: tuple[tuple[Along, Labels], ...], width: int) -> Labels:
    """The labels of a result: of the parts that a channel reads one is made."""
    root: dict[int, int] = {}

    def found(label: int) -> int:
        passed = []
        while root.get(label, label) != label:
            passed.append(label)
            label = root[label]
        root.update(dict.fromkeys(passed, label))
        return label

    joined: dict[tuple[Iterable[int], ...], int] = {}  # the first label of what was read together
    firsts = []
    for channel in range(width):
        places = tuple(_places(along, channel, labels) for along, labels in read)
        if places not in joined:
            met = [
                labels[at] for (_, labels), part in zip(read, places, strict=True) for at in part
            ]
            root.update({found(label): found(met[0]) for label in met})
            joined[places] = met[0] if met else -1
        firsts.append(joined[places])
    return Labels([found(label) for label in firsts])


def _places(along: Along, channel: int, labels: Labels) -> Iterable[int]:
    """The channels of an input that one of the result reads."""
    return (channel,) if isinstance(along, _EACH) else along.at(channel, len(labels))
