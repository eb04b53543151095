"""``edge_conv`` is PyTorch Geometric's EdgeConv around one or two layers."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.graph.edge_conv import EdgeConv
from archdsl.types import Nodes, Sequence
from tests.ops.against_torch import Built, module, refuses
from tests.ops.linked import LINKED, PLAIN, agrees_along


@pytest.mark.parametrize("aggregate", ["max", "mean", "sum"])
@pytest.mark.parametrize("sizes", [{}, {"hidden": 5}, {"layers": 1}])
def test_it_does_what_it_foretold(aggregate: str, sizes: dict[str, int]) -> None:
    agrees_along(EdgeConv(4, aggregate=aggregate, **sizes), PLAIN)
    agrees_along(EdgeConv(4, aggregate=aggregate, **sizes), LINKED)


def test_the_layers_see_a_node_and_how_its_neighbour_differs() -> None:
    m = Built(EdgeConv(5), Nodes(3, 4, 2)).module
    assert m is not None
    x = torch.randn(3, 4)
    seen = torch.cat((x[:1].expand(2, 4), x[1:] - x[0]), dim=-1)
    expected = m.nn(seen).amax(0)
    torch.testing.assert_close(m(x, torch.tensor([[1, 2], [0, 0]]))[0], expected)


def test_it_is_spelled_without_defaults() -> None:
    assert module(EdgeConv(8), PLAIN) == "edge_conv(6, 8, 8)"
    spelled = module(EdgeConv(8, layers=1, aggregate="mean"), PLAIN)
    assert spelled == "edge_linear(6, 8, aggr='mean')"


def test_nothing_is_hidden_in_one_layer_and_sequences_are_refused() -> None:
    words = "hidden=4 is the width between two layers"
    refuses(EdgeConv(8, hidden=4, layers=1), PLAIN, words=words, argument="hidden")
    refuses(EdgeConv(16), Sequence(9, 8), words="edge_conv cannot take a sequence (9×8)")
