"""First designs build, and run on a batch."""

from __future__ import annotations

import pytest
import torch

from archdsl import api, types
from archdsl.starting.description import Description
from archdsl.starting.writing import first_design
from tests.property.running import inputs, sizes
from tests.starting.grid import cells, named
from tests.thinning import thinned

LIGHT_PARAMS, LIGHT_MACS = 20_000_000, 5_000_000_000  # below them a module runs on numbers
SEEN: set[str] = set()  # sources of modules that have run

SMALL = [
    Description("image", (3, 32, 32), 50, targets=10),
    Description("image", (1, 28, 28), 5_000, targets=10),
    Description("image", (3, 64, 48), 200_000, targets=100),
    Description("image", (3, 64, 64), 200_000, targets=10, device="mobile_cpu"),
    Description("image", (3, 32, 32), 10_000_000, targets=10, params=700_000),
    Description("volume", (1, 16, 16, 16), 20_000, targets=2),
    Description("volume", (1, 16, 32, 32), 20_000, targets=2, device="mobile_cpu"),
    Description("series", (20, 8), 2_000, targets=5),
    Description("series", (20, 8), 1_000_000, targets=5),
    Description("series", (500, 8), 20_000, targets=5),
    Description("series", (300, 8), 50_000, "regress", 3),
    Description("series", (200, 8), 200_000, targets=5),
    Description("series", (4_100, 4), 200_000, targets=2),
    Description("tokens", (64, 500), 200, targets=2),
    Description("tokens", (64, 500), 200_000, targets=2),
    Description("tokens", (200, 50), 300, "next_token", 50),
    Description("tokens", (200, 100), 5_000, "next_token", 100),
    Description("tokens", (4_100, 50), 500, "next_token", 50),
    Description("table", (20,), 500, "regress"),
    Description("table", (20,), 20_000, targets=3),
    Description("table", (20,), 500_000, targets=3),
    Description("graph", (16, 400, 1_600), 100, targets=3),
    Description("graph", (8, 20_000, 50_000), 20_000, targets=3),
    Description("graph", (8, 20, 60), 20_000, targets=2, many_graphs=True),
]


@pytest.mark.parametrize("data", SMALL, ids=named)
def test_a_first_design_and_its_baselines_run(data: Description) -> None:
    for compiled in api.compile_all(first_design(data)):
        _runs(compiled)


@pytest.mark.slow
@pytest.mark.parametrize("data", thinned(cells(), 4), ids=named)
def test_every_design_of_the_grid_runs(data: Description) -> None:
    """Each distinct module once; those too large for a test of every cell without numbers."""
    for compiled in api.compile_all(first_design(data)):
        if compiled.source not in SEEN:
            _runs(compiled, on="cpu" if _is_light(compiled) else "meta")
            SEEN.add(compiled.source)


def _is_light(compiled: api.Compiled) -> bool:
    few = isinstance(compiled.graph.model.takes, types.Nodes)  # it runs on few nodes
    return compiled.params < LIGHT_PARAMS and (few or compiled.macs < LIGHT_MACS)


def _runs(compiled: api.Compiled, on: str = "cpu") -> None:
    """The module gives what was foretold, with as many parameters."""
    with torch.device(on):
        module = compiled.module().eval()
    assert sum(parameter.numel() for parameter in module.parameters()) == compiled.params
    takes, out = (
        _smaller(tensor) for tensor in (compiled.graph.model.takes, compiled.graph.model.out)
    )
    with torch.no_grad():
        result = module(*(tensor.to(on) for tensor in inputs(takes)))
    assert tuple(result.shape) == sizes(out, takes)
    assert on == "meta" or bool(result.isfinite().all())


def _smaller(tensor: types.TensorType) -> types.TensorType:
    """A graph of few nodes for one of many: a module is the same for both."""
    if isinstance(tensor, types.Nodes):
        return tensor._replace(nodes=min(tensor.nodes, 50), edges=min(tensor.edges, 200))
    return tensor
