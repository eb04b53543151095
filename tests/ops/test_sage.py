"""``sage`` is PyTorch Geometric's SAGEConv."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.graph.sage import Sage
from archdsl.types import Nodes, Vector
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.ops.along_edges import by_name

GRAPH = Nodes(nodes=10, features=6, edges=24)
CORA = Nodes(nodes=2708, features=1433, edges=10556)


@pytest.mark.parametrize("aggregate", ["mean", "max", "sum"])
@pytest.mark.parametrize("bias", [True, False])
def test_sampling_does_what_it_foretold(aggregate: str, bias: bool) -> None:
    agrees(by_name(Sage(8, aggregate, bias)), GRAPH, batches=(1,))


@pytest.mark.parametrize("aggregate", ["mean", "max", "sum"])
def test_a_node_stands_beside_its_neighbours(aggregate: str) -> None:
    m = Built(Sage(3, aggregate), Nodes(nodes=3, features=4, edges=2)).module
    assert m is not None
    x = torch.randn(3, 4)
    towards_0 = torch.tensor([[1, 2], [0, 0]])
    around = {"mean": x[1:].mean(0), "max": x[1:].max(0).values, "sum": x[1:].sum(0)}[aggregate]
    torch.testing.assert_close(m(x, towards_0)[0], m.lin_l(around) + m.lin_r(x[0]))


def test_two_of_them_are_the_reference_s_model() -> None:
    hidden = Sage(64).infer(CORA)
    assert Sage(64).params(CORA) + Sage(7).params(hidden) == 184_391
    assert Sage(64).macs(CORA) + Sage(7).macs(hidden) == 499_138_560


def test_it_is_spelled_without_defaults() -> None:
    assert module(Sage(64), CORA) == "SAGEConv(1433, 64)"
    assert module(Sage(64, "max", False), CORA) == "SAGEConv(1433, 64, aggr='max', bias=False)"


def test_only_graph_nodes_are_taken() -> None:
    refuses(Sage(16), Vector(8), words="sage cannot take a vector (8)", needed="graph nodes")
