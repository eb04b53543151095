"""``gcn`` is PyTorch Geometric's GCNConv."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from archdsl.ops.base import Saves
from archdsl.ops.graph.gcn import Gcn
from archdsl.types import Image, Nodes
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.ops.along_edges import by_name

GRAPH = Nodes(nodes=10, features=6, edges=24)
CORA = Nodes(nodes=2708, features=1433, edges=10556)


def test_a_graph_convolution_does_what_it_foretold() -> None:
    for bias in (True, False):
        agrees(by_name(Gcn(8, bias=bias)), GRAPH, batches=(1,), saved=False)


def test_neighbours_and_self_are_weighted_by_degrees() -> None:
    built = Built(Gcn(3), Nodes(nodes=2, features=3, edges=2))
    m = built.module
    assert m is not None
    both = torch.tensor([[0, 1], [1, 0]])
    x = torch.randn(2, 3)
    mean = (m.lin(x)[0] + m.lin(x)[1]) / 2  # both degrees are 2, the node itself included
    torch.testing.assert_close(m(x, both), (mean + m.bias).expand(2, 3))


def test_it_keeps_nodes_edge_ends_and_weights() -> None:
    built = Built(Gcn(8), GRAPH)
    ring = torch.arange(10)
    edges = torch.stack(
        (torch.cat((ring, ring, ring[:4])), torch.cat((ring + 1, ring + 2, ring[:4] + 3)) % 10)
    )
    assert _kept(built, edges) == 4 * 60 + 20 * (24 + 10)
    assert Gcn(8).saves(GRAPH) == Saves((0,), fixed=20 * (24 + 10))
    assert Gcn(8).saves(GRAPH._replace(graphs=32)) == Saves((0,), per_sample=20 * (24 + 10))


def test_two_of_them_are_the_reference_s_model() -> None:
    hidden = Gcn(16).infer(CORA)
    assert hidden == CORA._replace(features=16)
    assert Gcn(16).params(CORA) + Gcn(7).params(hidden) == 23_063
    assert Gcn(16).macs(CORA) + Gcn(7).macs(hidden) == 62_392_320


def test_it_is_spelled_with_the_edges() -> None:
    assert module(Gcn(16), CORA) == "GCNConv(1433, 16)"
    assert module(Gcn(16, bias=False), CORA) == "GCNConv(1433, 16, bias=False)"
    spelling = Gcn(16).spelling(CORA)
    assert spelling.apply == "{m}({x}, {edge_index})"
    assert spelling.context == ("edge_index",)


def test_only_graph_nodes_are_taken() -> None:
    error = refuses(Gcn(16), Image(3, 8, 8), words="gcn cannot take an image (3×8×8)")
    assert error.needed == "graph nodes"


def _kept(built: Built, edges: Tensor) -> int:
    """Bytes that autograd keeps of a run along some edges."""
    m: nn.Module | None = built.module
    assert m is not None
    own = {parameter.untyped_storage()._cdata for parameter in m.parameters()}
    kept: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in own:
            kept[storage._cdata] = storage
        return tensor

    x = torch.randn(10, 6, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        m(x, edges)
    return sum(storage.nbytes() for storage in kept.values())
