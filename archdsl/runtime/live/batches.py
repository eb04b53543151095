"""Random data of the kind that a model takes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from archdsl.types import Nodes, Outputs, Tokens, shape

if TYPE_CHECKING:
    from torch import Tensor, nn

    from archdsl.types import TensorType


def samples(takes: TensorType, batch: int) -> int:
    """How many samples a batch holds: a single graph is one, whatever the batch."""
    return 1 if isinstance(takes, Nodes) and not takes.graphs else batch


def random_batch(takes: TensorType, module: nn.Module, batch: int) -> list[Tensor]:
    """The arguments of a forward pass: normal numbers, uniform ids, graphs with random edges."""
    import torch

    if isinstance(takes, Tokens):
        return [torch.randint(takes.vocab, (batch, takes.length))]
    if not isinstance(takes, Nodes):
        return [torch.randn(batch, *shape(takes))]
    given = _graphs(takes, samples(takes, batch))
    return [given[name] for name in inspect.signature(module.forward).parameters]


def _graphs(takes: Nodes, graphs: int) -> dict[str, Tensor]:
    """Graphs of average size beside each other, as PyTorch Geometric batches them."""
    import torch

    edges = torch.randint(takes.nodes, (2, graphs, takes.edges))
    offsets = torch.arange(graphs)[None, :, None] * takes.nodes
    return {
        "x": torch.randn(graphs * takes.nodes, takes.features),
        "edge_index": (edges + offsets).flatten(1),
        "batch": torch.arange(graphs).repeat_interleave(takes.nodes),
    }


def sizes(out: TensorType, takes: TensorType, batch: int) -> tuple[tuple[int, ...], ...]:
    """The sizes, batch included, of each result that a batch gives."""
    if isinstance(out, Outputs):
        return tuple(size for part in out.parts for size in sizes(part, takes, batch))
    count = samples(takes, batch)
    if isinstance(out, Nodes):
        return ((count * out.nodes, out.features),)
    return ((count, *shape(out)),)
