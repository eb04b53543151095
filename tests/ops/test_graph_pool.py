"""``graph_pool`` makes one vector of each graph's nodes."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.graph.graph_pool import GraphPool
from archdsl.types import Image, Nodes, Vector
from tests.ops.against_torch import agrees, module, refuses
from tests.ops.along_edges import by_name

GRAPHS = Nodes(nodes=10, features=6, edges=24, graphs=32)
REFERENCES = {
    "mean": lambda x: x.mean(0, keepdim=True),
    "max": lambda x: x.amax(0, keepdim=True),
    "sum": lambda x: x.sum(0, keepdim=True),
}


@pytest.mark.parametrize("how", ["mean", "max", "sum"])
def test_nodes_become_a_vector(how: str) -> None:
    built = agrees(by_name(GraphPool(how)), GRAPHS, batches=(1,), reference=REFERENCES[how])
    assert built.op.infer(GRAPHS) == Vector(6)


def test_attention_weighs_nodes_by_a_score() -> None:
    built = agrees(by_name(GraphPool("attention")), GRAPHS, batches=(1,), saved=False)
    m, x = built.module, torch.randn(10, 6)
    assert m is not None
    weights = m.gate_nn(x).softmax(0)
    torch.testing.assert_close(built.run(x), (weights * x).sum(0, keepdim=True))
    assert module(GraphPool("attention"), GRAPHS) == "attention_pool(6)"


@pytest.mark.parametrize("how", ["mean", "max", "sum"])
def test_each_graph_has_its_own(how: str) -> None:
    built = agrees(by_name(GraphPool(how)), GRAPHS, batches=(1,))
    assert built.spelling.context == ("batch",)
    x, batch = torch.randn(10, 6), torch.tensor([0] * 4 + [1] * 6)
    pool = built.scope[str(built.spelling.function).partition("(")[0]]
    both = torch.cat((REFERENCES[how](x[:4]), REFERENCES[how](x[4:])))
    torch.testing.assert_close(pool(x, batch), both)


def test_a_single_graph_is_not_pooled() -> None:
    words = "graph_pool gives a vector for each graph, and the data is a single one"
    error = refuses(GraphPool("mean"), GRAPHS._replace(graphs=0), words=words)
    assert error.help == "leave it out to tell something of each node"


def test_only_graph_nodes_are_taken() -> None:
    refuses(GraphPool("mean"), Image(3, 8, 8), words="graph_pool cannot take an image (3×8×8)")
