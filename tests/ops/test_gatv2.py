"""``gatv2`` is PyTorch Geometric's GATv2Conv."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from archdsl.ops.graph.gatv2 import Gatv2
from archdsl.types import Nodes, Sequence
from tests.ops.against_torch import Built, module, refuses
from tests.ops.linked import LINKED, PLAIN, agrees_along

CASES = [
    Gatv2(8),
    Gatv2(4, heads=2),
    Gatv2(4, heads=3, concat=False, dropout=0.1),
    Gatv2(4, heads=2, bias=False, shared=True),
    Gatv2(4, heads=2, residual=True),
    Gatv2(4, edge_features=False),
]


@pytest.mark.parametrize("x", [PLAIN, LINKED])
@pytest.mark.parametrize("op", CASES)
def test_it_does_what_it_foretold(op: Gatv2, x: Nodes) -> None:
    agrees_along(op, x)


def test_a_neighbour_is_scored_behind_the_activation() -> None:
    m = Built(Gatv2(3), Nodes(2, 4, 1, edge_features=2)).module
    assert m is not None
    x, features = torch.randn(2, 4), torch.randn(1, 2)
    source, target = m.lin_l(x), m.lin_r(x)
    said = m.lin_edge(torch.cat((features, features)))  # a node's own edge: the mean of the others
    scores = (F.leaky_relu(source + target[0] + said, 0.2) * m.att[0]).sum(-1)
    expected = torch.softmax(scores, dim=0) @ source + m.bias
    torch.testing.assert_close(m(x, torch.tensor([[1], [0]]), features)[0], expected)


def test_it_is_spelled_without_defaults() -> None:
    assert module(Gatv2(8), PLAIN) == "GATv2Conv(6, 8)"
    assert module(Gatv2(8, heads=2), LINKED) == "GATv2Conv(6, 8, heads=2, edge_dim=3)"
    assert module(Gatv2(8, edge_features=False), LINKED) == "GATv2Conv(6, 8)"


def test_only_graph_nodes_are_taken() -> None:
    refuses(Gatv2(16), Sequence(9, 8), words="gatv2 cannot take a sequence (9×8)")
