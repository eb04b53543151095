"""``pna`` is PyTorch Geometric's PNAConv."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.graph.pna import Pna
from archdsl.types import Nodes, Sequence
from tests.ops.against_torch import module, refuses
from tests.ops.linked import LINKED, PLAIN, agrees_along

CASES = [
    Pna(4),
    Pna(6, towers=2),
    Pna(6, towers=2, pre_layers=2, post_layers=3),
    Pna(6, towers=3, split=True),
    Pna(4, edge_features=False),
]
ZINC = Nodes(23, 75, 50, 10_000, 4, (0, 41_130, 117_278, 70_152, 3_104))


@pytest.mark.parametrize("x", [PLAIN, LINKED])
@pytest.mark.parametrize("op", CASES)
def test_it_does_what_it_foretold(op: Pna, x: Nodes) -> None:
    agrees_along(op, x)


def test_a_node_gets_twelve_summaries_of_its_messages() -> None:
    x = Nodes(4, 6, 4, degrees=(1, 2, 1))
    built = agrees_along(Pna(5), x)
    m, nodes = built.module, torch.randn(4, 6)
    assert m is not None
    edges = torch.tensor([[1, 2, 3, 0], [0, 0, 1, 2]])
    said = m.pre_nns[0](torch.cat((nodes[:1].expand(2, 6), nodes[1:3]), -1))
    deviation = said.std(0, correction=0)
    four = torch.cat((said.mean(0), said.amin(0), said.amax(0), deviation))
    usual = (2 * torch.tensor(2.0).log() + torch.tensor(3.0).log()) / 4
    scale = torch.tensor(3.0).log() / usual
    expected = m.lin(m.post_nns[0](torch.cat((nodes[0], four, four * scale, four / scale))))
    torch.testing.assert_close(m(nodes, edges)[0], expected, rtol=1e-4, atol=1e-4)


def test_neighbours_are_counted_by_the_data_or_evenly() -> None:
    spelled = module(Pna(75, towers=5), ZINC)
    counts = "degrees=(0, 41130, 117278, 70152, 3104)"
    assert spelled == f"pna_conv(75, 75, {counts}, edge_dim=4, towers=5)"
    assert module(Pna(4), PLAIN) == "pna_conv(6, 4, degrees=(0, 0, 10, 1))"
    even = Nodes(nodes=5, features=4, edges=15)
    assert module(Pna(4), even) == "pna_conv(4, 4, degrees=(0, 0, 0, 5))"


def test_towers_must_divide_the_features() -> None:
    words = "towers=4 does not divide 75 features out; 3 or 5 do"
    refuses(Pna(75, towers=4), ZINC, words=words, argument="towers")
    words = "towers=4 does not divide 6 features; 3 or 6 do"
    refuses(Pna(8, towers=4, split=True), PLAIN, words=words, argument="towers")


def test_there_must_be_edges() -> None:
    words = "pna scales by how many neighbours nodes have, and there are no edges"
    error = refuses(Pna(4), Nodes(5, 3, 0), words=words)
    assert "`edges=` in `data graph(…)`" in error.help
    error = refuses(Pna(4), Nodes(5, 3, 9, degrees=(5,)), words=words)
    assert "behind the first place" in error.help
    refuses(Pna(16), Sequence(9, 8), words="pna cannot take a sequence (9×8)")
