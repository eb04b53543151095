"""``gine`` is PyTorch Geometric's GINEConv around one or two layers."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.graph.gine import Gine
from archdsl.types import Nodes
from tests.ops.against_torch import Built, module, refuses
from tests.ops.linked import LINKED, PLAIN, agrees_along


@pytest.mark.parametrize("op", [Gine(8), Gine(8, hidden=5), Gine(4, layers=1)])
def test_it_does_what_it_foretold(op: Gine) -> None:
    agrees_along(op, LINKED)


def test_a_neighbour_comes_with_what_the_edge_says() -> None:
    m = Built(Gine(5), Nodes(2, 4, 1, edge_features=2)).module
    assert m is not None
    x, features = torch.randn(2, 4), torch.randn(1, 2)
    expected = m.nn(x[0] + torch.relu(x[1] + m.lin(features)[0]))
    torch.testing.assert_close(m(x, torch.tensor([[1], [0]]), features)[0], expected)


def test_it_is_spelled_with_its_sizes() -> None:
    assert module(Gine(8), LINKED) == "gine_conv(6, 8, 8, edge_dim=3)"
    assert module(Gine(8, layers=1), LINKED) == "gine_linear(6, 8, edge_dim=3)"


def test_edges_without_features_are_refused() -> None:
    error = refuses(Gine(8), PLAIN, words="gine reads the features of edges, and these have none")
    assert error.help == "`gin` passes the nodes alone along the edges"
    refuses(Gine(8, hidden=4, layers=1), LINKED, words="hidden=4 is the width between two layers")
