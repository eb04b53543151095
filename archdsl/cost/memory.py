"""Bytes that training and inference need, from the graph alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.cost.precision import WEIGHT
from archdsl.cost.saved import saved_for_backward
from archdsl.graph.flat import INPUT, Flat
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph
    from archdsl.spec.train import Train


class TrainingMemory(NamedTuple):
    """Bytes by what they hold."""

    weights: int
    gradients: int
    optimizer: int
    saved: int

    @property
    def total(self) -> int:
        return sum(self)


def training(graph: Graph, train: Train | None, batch: int) -> TrainingMemory:
    """What one training step holds at once: weights, gradients, optimizer state, and the bytes
    kept for backward.

    In pure half precision all of it is halved. Autocast keeps half-precision copies of the weights
    beside what fp32 keeps, an upper bound: part of the activations is halved too (measured 0.81 of
    fp32 on ResNet-50, 1.29 on ViT-B/16). The buffers of the sweep itself are not in it: their peak
    adds up to twice the largest parameter.
    """
    precision = train.precision if train is not None else "fp32"
    state = train.state if train is not None else 0
    weights = graph.params * WEIGHT[precision]
    kept = saved_for_backward(graph).bytes(batch)
    if precision in ("bf16", "fp16"):
        kept //= 2
    if precision == "amp":
        kept += 2 * graph.params
    return TrainingMemory(weights, weights, int(weights * state), kept)


def inference(graph: Graph, train: Train | None, batch: int) -> int:
    """Weights and the largest set of tensors alive at once in a forward pass without gradients.

    Plain liveness: a tensor lives until its last reader has run. What libraries reorder into
    scratch memory is not in it (0 to 36 % on one CPU).
    """
    width = WEIGHT[train.precision if train is not None else "fp32"]
    return width * (graph.params + batch * _largest_alive(Flat(graph)))


def _largest_alive(flat: Flat) -> int:
    """Numbers alive at once, per sample."""
    last = {place: place for place in range(len(flat.steps))}
    base = _bases(flat)
    taken = -1  # the last reader of the model's input
    for step in flat.steps:
        for source in step.inputs:
            taken = step.place if source == INPUT else taken
            if source != INPUT:
                last[base[source]] = step.place
    last[base.get(flat.output, flat.output)] = len(flat.steps)
    return _sweep(flat, last, base, taken)


def _bases(flat: Flat) -> dict[int, int]:
    """For each place, the place whose storage it shows: its own, but for views."""
    base: dict[int, int] = {}
    for step in flat.steps:
        view = Trait.VIEW in step.node.op.traits and step.inputs[0] != INPUT
        base[step.place] = base[step.inputs[0]] if view else step.place
    return base


def _sweep(flat: Flat, last: dict[int, int], base: dict[int, int], taken: int) -> int:
    ends: dict[int, int] = {}
    alive = types.numel(flat.graph.model.takes)
    ends[taken] = alive
    largest = alive
    for step in flat.steps:
        if base[step.place] == step.place:
            size = types.numel(step.node.out)
            alive += size
            end = last[step.place]
            ends[end] = ends.get(end, 0) + size
        largest = max(largest, alive)
        alive -= ends.get(step.place, 0)
    return largest
