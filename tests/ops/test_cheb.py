"""``cheb`` is PyTorch Geometric's ChebConv."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from archdsl.ops.base import OpError, Saves
from archdsl.ops.binding import accept, parameters
from archdsl.ops.graph.cheb import Cheb
from archdsl.types import Image, Nodes
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.ops.along_edges import by_name, keeps_what_it_foretold

GRAPH = Nodes(nodes=10, features=6, edges=24)
CORA = Nodes(nodes=2708, features=1433, edges=10556)
PATH = torch.tensor([[0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2]])  # 0 - 1 - 2 - 3


@pytest.mark.parametrize("op", [Cheb(8), Cheb(8, terms=3), Cheb(8, terms=5), Cheb(8, bias=False)])
def test_a_chebyshev_convolution_does_what_it_foretold(op: Cheb) -> None:
    built = agrees(by_name(op), GRAPH, batches=(1,), saved=False)
    assert keeps_what_it_foretold(built, GRAPH)


def test_each_polynomial_of_the_laplacian_has_a_matrix() -> None:
    m = Built(Cheb(3, terms=4), Nodes(nodes=4, features=5, edges=6)).module
    assert m is not None
    x = torch.randn(4, 5)
    scaled = -_adjacency()  # the largest eigenvalue is taken to be 2: L - I
    polynomials = [x, scaled @ x]
    for _ in range(2):
        polynomials.append(2 * scaled @ polynomials[-1] - polynomials[-2])
    expected = sum(lin(t) for lin, t in zip(m.lins, polynomials, strict=True)) + m.bias
    torch.testing.assert_close(m(x, PATH), expected)


@pytest.mark.parametrize("terms", [2, 3])
def test_a_node_reads_as_far_as_there_are_terms_after_the_first(terms: int) -> None:
    m = Built(Cheb(3, terms), Nodes(nodes=4, features=5, edges=6)).module
    assert m is not None
    x = torch.randn(4, 5, requires_grad=True)
    m(x, PATH)[0].sum().backward()
    assert x.grad is not None
    assert x.grad.ne(0).any(1).tolist() == [edges <= terms - 1 for edges in range(4)]


def test_each_graph_of_the_data_keeps_its_own() -> None:
    kept = 4 * 60 + 20 * (24 + 10)
    assert Cheb(8).saves(GRAPH) == Saves((0,), fixed=kept)
    assert Cheb(8).saves(GRAPH._replace(graphs=32)) == Saves((0,), per_sample=kept)


def test_its_numbers_on_cora() -> None:
    assert Cheb(256).infer(CORA) == CORA._replace(features=256)
    assert Cheb(256).params(CORA) == 2 * 1433 * 256 + 256
    assert Cheb(256, terms=3).macs(CORA) == 3 * 2708 * 1433 * 256


def test_it_is_spelled_with_the_number_of_terms() -> None:
    assert module(Cheb(16), CORA) == "ChebConv(1433, 16, K=2)"
    assert module(Cheb(16, 3, bias=False), CORA) == "ChebConv(1433, 16, K=3, bias=False)"


def test_one_term_would_read_no_neighbours() -> None:
    accepts = {p.name: p.accepts for p in parameters(Cheb)}["terms"]
    with pytest.raises(OpError) as caught:
        accept("terms", accepts, 1)
    assert caught.value.message == "terms=1 is not a whole number of at least 2"


def test_only_graph_nodes_are_taken() -> None:
    error = refuses(Cheb(16), Image(3, 8, 8), words="cheb cannot take an image (3×8×8)")
    assert error.needed == "graph nodes"


def _adjacency() -> Tensor:
    """The path's, each edge weighted by 1 / sqrt(degree · degree)."""
    ones = torch.zeros(4, 4)
    ones[PATH[0], PATH[1]] = 1
    scale = ones.sum(1).rsqrt()
    return scale[:, None] * ones * scale
