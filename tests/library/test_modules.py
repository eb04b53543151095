"""Every block's example builds, and is the module that was foretold."""

from __future__ import annotations

import pytest
import torch

from archdsl.cost import counts
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.types import Nodes, TensorType, shape
from tests import peers
from tests.designs import evaluate_design
from tests.library.pages import NAMES, compiled, page, spec

UNCOUNTED = ("lstm_stack", "bilstm")  # torch's counter sees nothing of an LSTM on the CPU


def _inputs(kind: TensorType, batch: int = 2) -> tuple[torch.Tensor, ...]:
    if isinstance(kind, Nodes):
        edges = torch.randint(kind.nodes, (2, kind.edges))
        return torch.rand(shape(kind)), edges
    return (torch.rand(batch, *shape(kind)),)


@pytest.mark.parametrize("name", NAMES)
def test_its_example_runs_and_gives_the_shape_foretold(name: str) -> None:
    told = page(name)
    if told.data.startswith("graph"):
        pytest.importorskip("torch_geometric")
    example = compiled(told.example, told.data)
    module, model = example.module(), example.graph.model
    assert sum(p.numel() for p in module.parameters()) == example.params
    batch = () if isinstance(model.out, Nodes) else (2,)
    assert module(*_inputs(model.takes)).shape == (*batch, *shape(model.out))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in UNCOUNTED])
def test_its_example_does_the_multiplications_foretold(name: str) -> None:
    told = page(name)
    if told.data.startswith("graph"):
        pytest.importorskip("torch_geometric")
    example = compiled(told.example, told.data)
    inputs = _inputs(example.graph.model.takes, batch=1)
    assert peers.macs(example.module().eval(), *inputs) == example.macs


def test_a_block_of_the_library_reads_like_one_of_the_users() -> None:
    program = load(Source(spec("residual(conv(3, 3))"))).program()
    mine = "block around(f) = add(x, f)\n" + spec("around(conv(3, 3))")
    same = load(Source(mine)).program()
    assert counts.params(evaluate_design(program, {}).graph) == counts.params(
        evaluate_design(same, {}).graph
    )
