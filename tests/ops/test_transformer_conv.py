"""``transformer_conv`` is PyTorch Geometric's TransformerConv."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.graph.transformer_conv import TransformerConv
from archdsl.types import Nodes, Sequence
from tests.ops.against_torch import Built, module, refuses
from tests.ops.linked import LINKED, PLAIN, agrees_along

CASES = [
    TransformerConv(8),
    TransformerConv(4, heads=2, bias=False),
    TransformerConv(4, heads=3, concat=False, dropout=0.1),
    TransformerConv(4, heads=2, gated=True),
    TransformerConv(4, heads=2, gated=True, concat=False),
    TransformerConv(4, edge_features=False),
]


@pytest.mark.parametrize("x", [PLAIN, LINKED])
@pytest.mark.parametrize("op", CASES)
def test_it_does_what_it_foretold(op: TransformerConv, x: Nodes) -> None:
    agrees_along(op, x)


def test_a_node_attends_to_its_neighbours() -> None:
    m = Built(TransformerConv(3), Nodes(3, 4, 2, edge_features=2)).module
    assert m is not None
    x, features = torch.randn(3, 4), torch.randn(2, 2)
    said = m.lin_edge(features)
    keys, values = m.lin_key(x[1:]) + said, m.lin_value(x[1:]) + said
    weights = torch.softmax(keys @ m.lin_query(x[0]) / 3**0.5, dim=0)
    expected = weights @ values + m.lin_skip(x[0])
    torch.testing.assert_close(m(x, torch.tensor([[1, 2], [0, 0]]), features)[0], expected)


def test_it_is_spelled_without_defaults() -> None:
    assert module(TransformerConv(8), PLAIN) == "TransformerConv(6, 8)"
    spelled = module(TransformerConv(8, heads=2, gated=True), LINKED)
    assert spelled == "TransformerConv(6, 8, heads=2, beta=True, edge_dim=3)"


def test_only_graph_nodes_are_taken() -> None:
    words = "transformer_conv cannot take a sequence (9×8)"
    refuses(TransformerConv(16), Sequence(9, 8), words=words)
