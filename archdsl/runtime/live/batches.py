"""Random data of the kind that a model takes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.flat import Flat
from archdsl.ops.base import Trait
from archdsl.runtime.extras import BadInput
from archdsl.types import (
    Auxiliary,
    Inputs,
    Nodes,
    Outputs,
    channels,
    is_ids,
    is_one_graph,
    numel,
    shape,
)

if TYPE_CHECKING:
    from torch import Tensor, nn

    from archdsl.graph.nodes import Graph
    from archdsl.types import TensorType


class Batch(NamedTuple):
    """The arguments of a forward pass, and the target as the loss takes it."""

    inputs: tuple[Tensor, ...]
    target: Tensor


def least_batch(graph: Graph) -> int:
    """The samples that a training step takes at least: two where a norm over the batch has one
    value for each channel of a sample.

    Raises :class:`BadInput` for a single graph of one node, which no batch makes more.
    """
    norms = (step.node for step in Flat(graph).steps if Trait.OVER_BATCH in step.node.op.traits)
    if all(numel(node.inputs[0]) > channels(node.inputs[0]) for node in norms):
        return 1
    if samples(graph.model.takes, 2) == 1:
        raise BadInput(f"{graph.name} cannot train: a norm over the batch sees the one node")
    return 2


def asked_batch(graph: Graph, batch: int) -> int:
    """A batch that somebody asked for. Raises :class:`BadInput` when it is too small to train."""
    if batch < least_batch(graph):
        raise BadInput(
            f"{graph.name} cannot train on batches of {batch}: a norm over the batch would see one "
            "value for each channel; try --batch 2"
        )
    return batch


def samples(takes: TensorType, batch: int) -> int:
    """How many samples a batch holds: a single graph is one, whatever the batch."""
    return 1 if is_one_graph(takes) else batch


def random_batch(takes: TensorType, module: nn.Module, batch: int) -> list[Tensor]:
    """The arguments of a forward pass: normal numbers, uniform ids, graphs with random edges."""
    import torch

    if isinstance(takes, Inputs):
        return [x for part in takes.parts for x in random_batch(part, module, batch)]
    if is_ids(takes):
        return [torch.randint(takes.vocab, (batch, *shape(takes)))]
    if not isinstance(takes, Nodes):
        return [torch.randn(batch, *shape(takes))]
    given = _graphs(takes, samples(takes, batch))
    return [given[name] for name in inspect.signature(module.forward).parameters]


def _graphs(takes: Nodes, graphs: int) -> dict[str, Tensor]:
    """Graphs of average size beside each other, as PyTorch Geometric batches them, their edges from
    each node to others: of those to itself some layers make others."""
    import torch

    start = torch.randint(takes.nodes, (graphs, takes.edges))
    step = torch.randint(1, max(takes.nodes, 2), (graphs, takes.edges))
    edges = torch.stack((start, (start + step) % takes.nodes))
    offsets = torch.arange(graphs)[None, :, None] * takes.nodes
    return {
        "x": torch.randn(graphs * takes.nodes, takes.features),
        "edge_index": (edges + offsets).flatten(1),
        "edge_attr": torch.randn(graphs * takes.edges, takes.edge_features),
        "batch": torch.arange(graphs).repeat_interleave(takes.nodes),
    }


def sizes(out: TensorType, takes: TensorType, batch: int) -> tuple[tuple[int, ...], ...]:
    """The sizes, batch included, of each result that a batch gives."""
    if isinstance(out, Outputs):
        return tuple(size for part in out.parts for size in sizes(part, takes, batch))
    if isinstance(out, Auxiliary):
        return sizes(out.part, takes, batch)
    count = samples(takes, batch)
    if isinstance(out, Nodes):
        return ((count * out.nodes, out.features),)
    return ((count, *shape(out)),)
