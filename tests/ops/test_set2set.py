"""``set2set`` is PyTorch Geometric's Set2Set: an LSTM that asks the nodes of each graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from torch_geometric.nn.aggr import Set2Set as Peer

from archdsl.ops.graph.set2set import Set2set
from archdsl.runtime.live.counting import counted
from archdsl.types import Image, Nodes, Vector
from tests.ops.against_torch import agrees, foretold_bytes, module, refuses
from tests.ops.along_edges import by_name

if TYPE_CHECKING:
    from torch import Tensor, nn

GRAPHS = Nodes(nodes=10, features=6, edges=24, graphs=32)
CASES = [Set2set(), Set2set(1), Set2set(4, layers=3)]


def _one_graph(m: nn.Module, x: Tensor) -> Tensor:
    """The paper's recurrence, over the nodes of one graph."""
    asked = x.new_zeros(1, 12)
    states = (x.new_zeros(m.lstm.num_layers, 1, 6), x.new_zeros(m.lstm.num_layers, 1, 6))
    for _ in range(m.processing_steps):
        query, states = m.lstm(asked[None], states)
        weights = (x @ query[0, 0]).softmax(0)
        asked = torch.cat((query[0], (weights @ x)[None]), dim=1)
    return asked


@pytest.mark.parametrize("op", CASES)
def test_it_does_what_it_foretold(op: Set2set) -> None:
    built = agrees(
        by_name(op), GRAPHS, reference=_one_graph, batches=(1,), counted=False, saved=False
    )
    assert op.infer(GRAPHS) == Vector(12)
    built.train(True)
    spare = foretold_bytes(op, GRAPHS, batch=1) - built.saved_bytes(1)
    assert 0 <= spare <= op.steps * op.layers * 7 * 4096  # of oneDNN's workspaces
    nodes = torch.randn(10, 6)
    with torch.no_grad(), counted(built.module) as counter:
        built.run(nodes)
    assert counter.get_total_flops() == 2 * op.macs(GRAPHS)


def test_each_graph_has_its_own() -> None:
    built = agrees(by_name(Set2set(2)), GRAPHS, batches=(), saved=False)
    assert built.spelling.context == ("batch",)
    x, batch = torch.randn(10, 6), torch.tensor([0] * 4 + [1] * 6)
    peer = Peer(6, 2)
    peer.load_state_dict(built.module.state_dict())
    torch.testing.assert_close(built.module(x, batch), peer(x, batch))
    alone = [_one_graph(built.module, part) for part in (x[:4], x[4:])]
    torch.testing.assert_close(built.module(x, batch), torch.cat(alone))


def test_it_is_spelled_without_defaults() -> None:
    assert module(Set2set(), GRAPHS) == "Set2Set(6, processing_steps=3)"
    spelled = module(Set2set(5, layers=2), GRAPHS)
    assert spelled == "Set2Set(6, processing_steps=5, num_layers=2)"


def test_a_single_graph_is_not_pooled() -> None:
    words = "set2set gives a vector for each graph, and the data is a single one"
    refuses(Set2set(), GRAPHS._replace(graphs=0), words=words)
    refuses(Set2set(), Image(3, 8, 8), words="set2set cannot take an image (3×8×8)")
