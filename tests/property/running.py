"""A generated module beside what the compiler foretold of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from archdsl.graph.flat import Flat
from archdsl.types import Auxiliary, Inputs, Nodes, Outputs, given_beside, graph_of, is_ids, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

    from archdsl.api import Compiled
    from archdsl.graph.nodes import Graph, OpNode
    from archdsl.types import TensorType

BATCH = 2
UNSEEN = {"bilinear"}  # the counter takes its FLOPs for 0
ONCE = {"continuous_position_bias"}  # made once, whatever the batch


def inputs(takes: TensorType) -> list[Tensor]:
    """A batch of two for a module (one graph whole, or two graphs beside each other)."""
    torch.manual_seed(0)
    each = dict(zip(takes.names, takes.parts, strict=True)) if isinstance(takes, Inputs) else {}
    given: dict[str, Tensor] = {}
    for name, part in (each or {"x": takes}).items():
        given |= _graphs(name, part) if isinstance(part, Nodes) else {name: _drawn(part)}
    beside = given_beside(takes) if graph_of(takes) is not None else ()
    return [given[name] for name in (*(each or ("x",)), *beside)]


def _drawn(takes: TensorType) -> Tensor:
    if is_ids(takes):
        return torch.randint(takes.vocab, (BATCH, *shape(takes)))
    return torch.randn(BATCH, *shape(takes))


def _graphs(name: str, takes: Nodes) -> dict[str, Tensor]:
    graphs = _samples(takes)
    start = torch.randint(takes.nodes, (graphs, takes.edges))
    step = torch.randint(1, takes.nodes, (graphs, takes.edges))  # to another node
    edges = torch.stack((start, (start + step) % takes.nodes))
    offsets = torch.arange(graphs)[None, :, None] * takes.nodes
    batch = torch.arange(graphs).repeat_interleave(takes.nodes)
    return {
        name: torch.randn(graphs * takes.nodes, takes.features),
        "edge_index": (edges + offsets).flatten(1),
        "edge_attr": torch.randn(graphs * takes.edges, takes.edge_features),
        "batch": batch,
    }


def _samples(takes: TensorType) -> int:
    return 1 if isinstance(takes, Nodes) and not takes.graphs else BATCH


def sizes(out: TensorType, takes: TensorType) -> tuple[int, ...]:
    """What a batch of two comes out as."""
    graphs = _samples(takes)
    if isinstance(out, Auxiliary):
        return sizes(out.part, takes)
    if isinstance(out, Nodes):
        return (graphs * out.nodes, out.features)
    return (graphs, *shape(out))


def disagreements(compiled: Compiled) -> Iterator[str]:
    """What the module does otherwise than foretold."""
    module = compiled.module().train()
    takes, out = compiled.graph.model.takes, compiled.graph.model.out
    learned = sum(parameter.numel() for parameter in module.parameters())
    if learned != compiled.params:
        yield f"{learned} parameters, foretold {compiled.params}"
    results, flops = _run(module, inputs(takes))
    foretold = 2 * counted_macs(compiled, _samples(takes))
    if flops != foretold:
        yield f"{flops} FLOPs, foretold {foretold}"
    parts = out.parts if isinstance(out, Outputs) else (out,)
    found = results if isinstance(out, Outputs) else (results,)
    for part, tensor in zip(parts, found, strict=True):
        if tuple(tensor.shape) != sizes(part, takes):
            yield f"output {tuple(tensor.shape)}, foretold {sizes(part, takes)}"


def _run(module: nn.Module, tensors: list[Tensor]) -> tuple[Any, int]:
    """What the module gives and the FLOPs that PyTorch counts, with its plainest kernels."""
    plain = torch.backends.mkldnn.flags(enabled=False)
    counter = FlopCounterMode(display=False)
    module.requires_grad_(False)  # the counter fails on views of parameters that want gradients
    with torch.no_grad(), plain, sdpa_kernel(SDPBackend.MATH), counter:
        results = module(*tensors)
    return results, counter.get_total_flops()


def counted_macs(compiled: Compiled, samples: int) -> int:
    """The MACs of a batch, of those ops that PyTorch's counter sees."""
    seen = (node for node in _ops(compiled.graph) if node.op.word() not in UNSEEN)
    return sum(
        node.op.macs(*node.inputs) * (1 if node.op.word() in ONCE else samples) for node in seen
    )


def _ops(graph: Graph) -> list[OpNode]:
    """The ops of all copies, in the order of the forward pass."""
    return [step.node for step in Flat(graph).steps]
