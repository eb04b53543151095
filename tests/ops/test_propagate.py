"""``propagate`` is PyTorch Geometric's APPNP, and the propagation of its GCN2Conv and SGConv."""

from __future__ import annotations

import pytest
import torch
from torch_geometric.nn import GCN2Conv, SGConv

import archdsl
from archdsl.ops.graph.propagate import Propagate
from archdsl.types import Image, Nodes
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.ops.along_edges import by_name, keeps_what_it_foretold
from tests.unjudged import UNJUDGED

GRAPH = Nodes(nodes=10, features=6, edges=24)
EDGES = torch.tensor([[0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2]])  # 0 - 1 - 2 - 3
SPEC = """
block gcnii(h, beta) {{
  let mixed = add(propagate -> scale(0.9), h -> scale(0.1))
  return add(mixed -> scale(1 - beta), mixed -> linear(5, bias=false) -> scale(beta)) -> relu
}}
arch A {{
  data graph(6, nodes=4, edges=6)
  model {{
    let h = linear(5) -> relu
    {}
  }}
}}
"""


@pytest.mark.parametrize("op", [Propagate(), Propagate(3), Propagate(10, restart=0.1)])
def test_it_does_what_it_foretold(op: Propagate) -> None:
    built = agrees(by_name(op), GRAPH, batches=(1,), saved=False)
    assert keeps_what_it_foretold(built, GRAPH)


@pytest.mark.parametrize("steps", [1, 2])
def test_a_node_reads_as_far_as_there_are_steps(steps: int) -> None:
    m = Built(Propagate(steps), Nodes(nodes=4, features=5, edges=6)).module
    assert m is not None
    x = torch.randn(4, 5, requires_grad=True)
    m(x, EDGES)[0].sum().backward()
    assert x.grad is not None
    assert x.grad.ne(0).any(1).tolist() == [edges <= steps for edges in range(4)]


def test_it_is_spelled_as_appnp() -> None:
    assert module(Propagate(10, 0.1), GRAPH) == "APPNP(K=10, alpha=0.1)"


def test_only_graph_nodes_are_taken() -> None:
    refuses(Propagate(), Image(3, 8, 8), words="propagate cannot take an image (3×8×8)")


def built(body: str) -> torch.nn.Module:
    return archdsl.compile(SPEC.format(body), terms=UNJUDGED).module()


def test_steps_and_a_matrix_are_a_simplified_graph_convolution() -> None:
    ours, theirs = built("return h -> propagate(2) -> linear(3)"), SGConv(5, 3, K=2)
    theirs.lin.load_state_dict(ours.linear.state_dict())
    x = torch.randn(4, 6)
    torch.testing.assert_close(ours(x, EDGES), theirs(ours.h(x).relu(), EDGES))


def test_a_block_around_one_step_is_a_layer_of_gcnii() -> None:
    theirs = [GCN2Conv(5, alpha=0.1, theta=0.5, layer=layer) for layer in (1, 2)]
    betas = ", ".join(f"{one.beta:.9f}" for one in theirs)
    ours = built(f"return h -> each(beta = [{betas}], gcnii(h, beta))")
    x = torch.randn(4, 6)
    out = h = ours.h(x).relu()
    for one, own in zip(theirs, (w for w in ours.parameters() if w.shape == (5, 5)), strict=True):
        one.weight1.data = own.data.T
        out = one(out, h, EDGES).relu()
    torch.testing.assert_close(ours(x, EDGES), out)
