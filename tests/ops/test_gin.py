"""``gin`` is PyTorch Geometric's GINConv, with the two layers of its GIN."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.graph.gin import Gin
from archdsl.types import Nodes, Tokens
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.ops.along_edges import by_name

GRAPH = Nodes(nodes=10, features=6, edges=24)
CORA = Nodes(nodes=2708, features=1433, edges=10556)


@pytest.mark.parametrize("op", [Gin(8), Gin(8, hidden=5), Gin(8, layers=1)])
def test_an_isomorphism_layer_does_what_it_foretold(op: Gin) -> None:
    agrees(by_name(op), GRAPH, batches=(1,))


@pytest.mark.parametrize("layers", [1, 2])
def test_a_node_and_its_neighbours_are_summed(layers: int) -> None:
    m = Built(Gin(3, layers=layers), Nodes(nodes=3, features=4, edges=2)).module
    assert m is not None
    x = torch.randn(3, 4)
    towards_0 = torch.tensor([[1, 2], [0, 0]])
    torch.testing.assert_close(m(x, towards_0)[0], m.nn(x.sum(0)))


def test_two_of_them_are_the_reference_s_model() -> None:
    hidden = Gin(64).infer(CORA)
    assert Gin(64).params(CORA) + Gin(7).params(hidden) == 96_447
    assert Gin(64).macs(CORA) + Gin(7).macs(hidden) == 260_793_940


def test_it_computes_what_the_layer_of_the_peer_s_model_computes() -> None:
    models = pytest.importorskip("torch_geometric.nn.models")
    peer = models.GIN(6, 8, num_layers=1).convs[0]
    built = Built(Gin(8), GRAPH)
    assert built.module is not None
    names, weights = built.module.state_dict(), peer.state_dict().values()
    built.module.load_state_dict(dict(zip(names, weights, strict=True)))
    x, edges = torch.randn(10, 6), torch.randint(10, (2, 24))
    torch.testing.assert_close(built.module(x, edges), peer(x, edges))


def test_it_is_spelled_by_its_sizes() -> None:
    assert module(Gin(64), CORA) == "gin_conv(1433, 64, 64)"
    assert module(Gin(64, hidden=128), CORA) == "gin_conv(1433, 128, 64)"
    assert module(Gin(64, layers=1), CORA) == "gin_linear(1433, 64)"


def test_one_layer_has_no_width_between_layers() -> None:
    error = refuses(Gin(16, hidden=8, layers=1), GRAPH, words="there is one layer")
    assert error.argument == "hidden"


def test_only_graph_nodes_are_taken() -> None:
    refuses(Gin(16), Tokens(9, 30), words="gin cannot take token ids (9)")
