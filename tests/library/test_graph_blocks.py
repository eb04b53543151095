"""Blocks of graph networks: PyTorch Geometric's layer, then norm, activation and a way around."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from archdsl.cost import counts
from tests import peers
from tests.library.pages import compiled, graph
from tests.zoo_sequence.weights import randomised

DATA = "graph(16, nodes=12, edges=40)"
LAYERS = {"gcn_block": F.relu, "sage_block": F.relu, "gin_block": F.relu, "gat_block": F.elu}


@pytest.mark.parametrize("name", LAYERS)
def test_the_way_around_is_there_where_the_widths_agree(name: str) -> None:
    pytest.importorskip("torch_geometric")
    module = randomised(compiled(f"{name}(16)", DATA).module().eval())
    x, edges = torch.rand(12, 16), torch.randint(12, (2, 40))
    conv = module.get_submodule(f"{name}.conv")
    (norm,) = (child for child in module.modules() if isinstance(child, torch.nn.BatchNorm1d))
    with torch.no_grad():
        expected = x + LAYERS[name](norm(conv(x, edges)))
    torch.testing.assert_close(peers.run(module, x, edges), expected)


@pytest.mark.parametrize("name", LAYERS)
def test_a_block_that_changes_the_width_has_no_way_around(name: str) -> None:
    assert counts.params(graph(f"{name}(32)", DATA)) == counts.params(
        graph(f"{name}(32, skip=false)", DATA)
    )
    assert "+" not in compiled(f"{name}(32)", DATA).source.rpartition("def forward")[2]
