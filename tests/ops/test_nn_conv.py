"""``nn_conv`` is PyTorch Geometric's NNConv, whose matrices two layers make."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.graph.nn_conv import NnConv
from archdsl.types import Nodes, Sequence
from tests.ops.against_torch import Built, module, refuses
from tests.ops.linked import LINKED, PLAIN, agrees_along


@pytest.mark.parametrize("aggregate", ["sum", "mean"])
@pytest.mark.parametrize("root", [True, False])
def test_it_does_what_it_foretold(aggregate: str, root: bool) -> None:
    agrees_along(NnConv(4, aggregate=aggregate, root=root), LINKED)
    agrees_along(NnConv(4, hidden=5, aggregate=aggregate, root=root), LINKED)


def test_a_neighbour_is_multiplied_by_what_its_edge_says() -> None:
    m = Built(NnConv(5), Nodes(2, 4, 1, edge_features=2)).module
    assert m is not None
    x, features = torch.randn(2, 4), torch.randn(1, 2)
    expected = x[1] @ m.nn(features).view(4, 5) + m.lin(x[0]) + m.bias
    torch.testing.assert_close(m(x, torch.tensor([[1], [0]]), features)[0], expected)


def test_it_is_spelled_without_defaults() -> None:
    assert module(NnConv(8), LINKED) == "nn_conv(6, 8, 8, edge_dim=3)"
    spelled = module(NnConv(8, hidden=16, aggregate="mean", root=False), LINKED)
    assert spelled == "nn_conv(6, 16, 8, edge_dim=3, aggr='mean', root_weight=False)"


def test_edges_without_features_and_sequences_are_refused() -> None:
    error = refuses(NnConv(8), PLAIN, words="and these have none")
    assert error.help == "`graph_conv` has one matrix for all edges"
    refuses(NnConv(8), Sequence(9, 8), words="nn_conv cannot take a sequence (9×8)")
