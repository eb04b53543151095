"""Random data of the kind that a model takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.flat import Flat
from archdsl.ops.base import Trait
from archdsl.runtime.extras import BadInput
from archdsl.types import (
    Auxiliary,
    Nodes,
    Outputs,
    channels,
    given_beside,
    inputs,
    is_ids,
    is_one_graph,
    lengths_beside,
    numel,
    padding,
    shape,
)

if TYPE_CHECKING:
    from torch import Tensor, nn

    from archdsl.graph.nodes import Graph
    from archdsl.spec.task import Task
    from archdsl.types import TensorType


class Batch(NamedTuple):
    """The arguments of a forward pass, and the target as the loss takes it."""

    inputs: tuple[Tensor, ...]
    target: Tensor


def least_batch(graph: Graph, task: Task | None = None) -> int:
    """The samples that a training step takes at least: two where a norm over the batch has one
    value for each channel of a sample, or where the task compares the samples of a batch.

    Raises :class:`BadInput` for a single graph of one node, which no batch makes more.
    """
    norms = (step.node for step in Flat(graph).steps if Trait.OVER_BATCH in step.node.op.traits)
    if all(numel(node.inputs[0]) > channels(node.inputs[0]) for node in norms):
        return 2 if task is not None and task.compares else 1
    if samples(graph.model.takes, 2) == 1:
        raise BadInput(f"{graph.name} cannot train: a norm over the batch sees the one node")
    return 2


def asked_batch(graph: Graph, batch: int, task: Task | None = None) -> int:
    """A batch that somebody asked for. Raises :class:`BadInput` when it is too small to train."""
    if batch == 1 and task is not None and task.compares:
        raise BadInput(
            f"{graph.name} cannot train on batches of 1: `task {task}` tells a sample from the"
            " others of its batch; try --batch 2"
        )
    if batch < least_batch(graph):
        raise BadInput(
            f"{graph.name} cannot train on batches of {batch}: a norm over the batch would see one "
            "value for each channel; try --batch 2"
        )
    return batch


def least_lengths(graph: Graph) -> dict[str, int]:
    """How long the rows of each input that is padded are at least, by the names of their lengths:
    so that no layer is left without a position."""
    found = dict.fromkeys(lengths_beside(graph.model.takes), 1)
    for step in Flat(graph).steps:
        rows = padding(step.node.out)
        if rows is not None:
            found[rows.lengths] = max(found[rows.lengths], rows.per - rows.more)
    return found


def samples(takes: TensorType, batch: int) -> int:
    """How many samples a batch holds: a single graph is one, whatever the batch."""
    return 1 if is_one_graph(takes) else batch


def random_batch(takes: TensorType, module: nn.Module, batch: int) -> list[Tensor]:
    """The arguments of a forward pass: normal numbers, uniform ids, graphs with random edges; of
    rows that are padded nothing is padding."""
    import torch

    given: dict[str, Tensor] = {}
    for name, part in inputs(takes).items():
        if isinstance(part, Nodes):
            nodes, beside = _graphs(part, samples(takes, batch))
            given |= {name: nodes, **beside}
        else:
            given[name] = _random(part, batch)
    given |= {name: torch.full((batch,), x.length) for name, x in lengths_beside(takes).items()}
    return [given[name] for name in (*inputs(takes), *given_beside(takes))]


def _random(takes: TensorType, batch: int) -> Tensor:
    import torch

    if is_ids(takes):
        return torch.randint(takes.vocab, (batch, *shape(takes)))
    return torch.randn(batch, *shape(takes))


def _graphs(takes: Nodes, graphs: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Graphs of average size beside each other, as PyTorch Geometric batches them: their nodes, and
    what is given beside these. Edges lead from each node to others: of those to itself some layers
    make others."""
    import torch

    start = torch.randint(takes.nodes, (graphs, takes.edges))
    step = torch.randint(1, max(takes.nodes, 2), (graphs, takes.edges))
    edges = torch.stack((start, (start + step) % takes.nodes))
    offsets = torch.arange(graphs)[None, :, None] * takes.nodes
    return torch.randn(graphs * takes.nodes, takes.features), {
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
