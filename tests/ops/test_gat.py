"""``gat`` is PyTorch Geometric's GATConv."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from archdsl.ops.graph.gat import Gat
from archdsl.types import Nodes, Sequence
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.ops.along_edges import by_name, keeps_what_it_foretold

GRAPH = Nodes(nodes=10, features=6, edges=24)
CORA = Nodes(nodes=2708, features=1433, edges=10556)
CASES = [
    Gat(8),
    Gat(4, heads=2),
    Gat(4, heads=3, concat=False),
    Gat(4, heads=2, dropout=0.1),
    Gat(4, heads=2, bias=False),
]


@pytest.mark.parametrize("op", CASES)
def test_graph_attention_does_what_it_foretold(op: Gat) -> None:
    built = agrees(by_name(op), GRAPH, batches=(1,), saved=False)
    assert keeps_what_it_foretold(built, GRAPH)


def test_neighbours_are_weighted_by_how_well_they_match() -> None:
    m = Built(Gat(3), Nodes(nodes=2, features=4, edges=1)).module
    assert m is not None
    x = torch.randn(2, 4)
    h = m.lin(x)
    to_source, to_target = (h * m.att_src[0]).sum(-1), (h * m.att_dst[0]).sum(-1)
    weights = torch.softmax(F.leaky_relu(to_source + to_target[0], 0.2), dim=0)
    expected = weights @ h + m.bias
    torch.testing.assert_close(m(x, torch.tensor([[1], [0]]))[0], expected)


def test_two_of_them_are_the_reference_s_model() -> None:
    first, last = Gat(8, heads=8), Gat(7, heads=8, concat=False)
    hidden = first.infer(CORA)
    assert hidden == CORA._replace(features=64)
    assert last.infer(hidden) == CORA._replace(features=7)
    assert first.params(CORA) + last.params(hidden) == 95_607
    assert first.macs(CORA) + last.macs(hidden) == 258_061_568


def test_it_is_spelled_without_defaults() -> None:
    assert module(Gat(8), CORA) == "GATConv(1433, 8)"
    spelled = module(Gat(8, heads=8, concat=False, dropout=0.6), CORA)
    assert spelled == "GATConv(1433, 8, heads=8, concat=False, dropout=0.6)"


def test_only_graph_nodes_are_taken() -> None:
    refuses(Gat(16), Sequence(9, 8), words="gat cannot take a sequence (9×8)")
