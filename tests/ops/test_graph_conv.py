"""``graph_conv`` is PyTorch Geometric's GraphConv."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.graph.graph_conv import GraphConv
from archdsl.types import Nodes, Vector
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.ops.along_edges import by_name

GRAPH = Nodes(nodes=10, features=6, edges=24)
CORA = Nodes(nodes=2708, features=1433, edges=10556)


@pytest.mark.parametrize("aggregate", ["sum", "mean", "max"])
@pytest.mark.parametrize("bias", [True, False])
def test_a_graph_operator_does_what_it_foretold(aggregate: str, bias: bool) -> None:
    agrees(by_name(GraphConv(8, aggregate, bias)), GRAPH, batches=(1,))


@pytest.mark.parametrize("aggregate", ["sum", "mean", "max"])
def test_a_node_stands_beside_its_neighbours(aggregate: str) -> None:
    m = Built(GraphConv(3, aggregate), Nodes(nodes=3, features=4, edges=2)).module
    assert m is not None
    x = torch.randn(3, 4)
    towards_0 = torch.tensor([[1, 2], [0, 0]])
    around = {"mean": x[1:].mean(0), "max": x[1:].max(0).values, "sum": x[1:].sum(0)}[aggregate]
    torch.testing.assert_close(m(x, towards_0)[0], m.lin_rel(around) + m.lin_root(x[0]))


def test_each_graph_of_the_data_keeps_its_own() -> None:
    one, many = GraphConv(8).saves(GRAPH), GraphConv(8).saves(GRAPH._replace(graphs=32))
    assert (one.fixed, one.per_sample) == (many.per_sample, many.fixed) == (240, 0)
    assert one.context == many.context == ("edge_index",)  # which all layers share


def test_its_numbers_on_cora() -> None:
    assert GraphConv(256).infer(CORA) == CORA._replace(features=256)
    assert GraphConv(256).params(CORA) == 2 * 1433 * 256 + 256
    assert GraphConv(256).macs(CORA) == 2 * 2708 * 1433 * 256


def test_it_is_spelled_without_defaults() -> None:
    assert module(GraphConv(64), CORA) == "GraphConv(1433, 64)"
    spelled = module(GraphConv(64, "mean", False), CORA)
    assert spelled == "GraphConv(1433, 64, aggr='mean', bias=False)"


def test_only_graph_nodes_are_taken() -> None:
    words = "graph_conv cannot take a vector (8)"
    refuses(GraphConv(16), Vector(8), words=words, needed="graph nodes")
