"""``arma`` is PyTorch Geometric's ARMAConv."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from torch import Tensor

from archdsl.ops.base import Saves
from archdsl.ops.graph._edges import ENDS
from archdsl.ops.graph.arma import Arma
from archdsl.types import Nodes, Sequence
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.ops.along_edges import by_name

GRAPH = Nodes(nodes=10, features=6, edges=24)
CORA = Nodes(nodes=2708, features=1433, edges=10556)
PATH = torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]])  # 0 - 1 - 2
SIZES = list(product([1, 2, 3], [1, 2, 3], [False, True]))  # stacks, layers, shared


@pytest.mark.parametrize(("stacks", "layers", "shared"), SIZES)
@pytest.mark.parametrize("act", ["relu", "identity"])
def test_an_arma_layer_does_what_it_foretold(
    stacks: int, layers: int, shared: bool, act: str
) -> None:
    agrees(by_name(Arma(8, stacks, layers, shared, act)), GRAPH, batches=(1,))


@pytest.mark.parametrize(("stacks", "layers"), [(1, 1), (1, 2), (2, 2)])
def test_dropout_and_no_bias_are_foretold(stacks: int, layers: int) -> None:
    for op in (Arma(8, stacks, layers, dropout=0.5), Arma(8, stacks, layers, bias=False)):
        agrees(by_name(op), GRAPH, batches=(1,))


@pytest.mark.parametrize("shared", [False, True])
def test_layers_add_neighbours_to_what_flowed_in_and_stacks_are_averaged(shared: bool) -> None:
    m = Built(Arma(3, 2, 3, shared), Nodes(nodes=3, features=4, edges=4)).module
    assert m is not None
    torch.nn.init.normal_(m.bias)
    x, stacks = torch.randn(3, 4), []
    for k in range(2):
        state, weight = x, m.init_weight[k]
        for t in range(3):
            own = 0 if shared else t
            aside = x @ m.root_weight[own, k] + m.bias[own, k]
            state = torch.relu(_adjacency() @ state @ weight + aside)
            weight = m.weight[0 if shared else min(t, 1), k]
        stacks.append(state)
    torch.testing.assert_close(m(x, PATH), torch.stack(stacks).mean(0))


def test_without_an_activation_results_may_be_negative() -> None:
    x = torch.randn(3, 4)
    for act, negative in (("relu", False), ("identity", True)):
        m = Built(Arma(8, act=act), Nodes(nodes=3, features=4, edges=4)).module
        assert m is not None
        assert bool((m(x, PATH) < 0).any()) == negative


@pytest.mark.parametrize("shared", [False, True])
def test_the_matrix_between_layers_of_a_single_layer_is_counted_and_not_used(shared: bool) -> None:
    m = Built(Arma(8, shared=shared), GRAPH).module
    assert m is not None
    m(torch.randn(10, 6), PATH).sum().backward()
    unused = [name for name, weight in m.named_parameters() if weight.grad is None]
    assert unused == ["weight"]
    assert Arma(8).params(GRAPH) - m.weight.numel() == (2 * 6 + 1) * 8


def test_each_graph_of_the_data_keeps_its_own() -> None:
    kept, copied = 4 * 24 + 4 * 3 * 80, 4 * 2 * 3 * 48  # copies of weights: once for all graphs
    assert Arma(8, stacks=3).saves(GRAPH) == Saves((0,), fixed=kept + copied, context=ENDS)
    many = Arma(8, stacks=3).saves(GRAPH._replace(graphs=32))
    assert many == Saves((0,), fixed=copied, per_sample=kept, context=ENDS)


def test_its_numbers_on_cora() -> None:
    assert Arma(256).infer(CORA) == CORA._replace(features=256)
    assert Arma(256).params(CORA) == 2 * 1433 * 256 + 256 + 65_536
    assert Arma(256).macs(CORA) == 2 * 2708 * 1433 * 256


def test_it_is_spelled_without_defaults() -> None:
    assert module(Arma(16), CORA) == "ARMAConv(1433, 16)"
    assert module(Arma(16, 3, 2, True, "identity", 0.25, False), CORA) == (
        "ARMAConv(1433, 16, num_stacks=3, num_layers=2, shared_weights=True, act=None, "
        "dropout=0.25, bias=False)"
    )


def test_only_graph_nodes_are_taken() -> None:
    refuses(Arma(16), Sequence(9, 8), words="arma cannot take a sequence (9×8)")


def _adjacency() -> Tensor:
    """The path's, each edge weighted by 1 / sqrt(degree · degree)."""
    ones = torch.zeros(3, 3)
    ones[PATH[0], PATH[1]] = 1
    scale = ones.sum(1).rsqrt()
    return scale[:, None] * ones * scale
