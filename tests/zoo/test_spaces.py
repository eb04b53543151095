"""The spaces of the literature have the published numbers of designs and bounds of cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archdsl.cost import counts
from archdsl.evaluate.designs import design_of, sampler
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space.space import Space
from tests.designs import evaluate_design
from tests.zoo.published import ROOT, SPACES

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program

CONV3X3 = "relu_conv_bn(width, 3)"
EDGES = 6

COUNTS = {
    "nas_bench_201": 15_625,
    "mobilenet_v2_like": 21_758_655_492_572_485_851,
    "nas_bench_graph": 59_049,
}


def _program(name: str) -> Program:
    path = SPACES / f"{name}.arch"
    return load(Source(path.read_text(encoding="utf-8"), str(path)), ROOT).program()


@pytest.mark.parametrize("name", COUNTS)
def test_the_number_of_designs_is_the_published_one(name: str) -> None:
    assert Space(_program(name)).count() == COUNTS[name]


@pytest.mark.parametrize("name", COUNTS)
def test_designs_are_valid_and_come_out_the_same_when_read_back(name: str) -> None:
    program = _program(name)
    for seed in range(20):
        drawn = program.evaluate(sampler(seed))
        again = evaluate_design(program, design_of(drawn))
        assert counts.params(again.graph) == counts.params(drawn.graph)
        assert counts.macs(again.graph) == counts.macs(drawn.graph)


@pytest.mark.parametrize(
    ("edge", "params", "macs"),
    [("zero", 73_306, 7_783_040), (CONV3X3, 1_531_546, 220_119_680)],
)
def test_cells_of_nas_bench_201_cost_what_is_published(edge: str, params: int, macs: int) -> None:
    program = _program("nas_bench_201")
    open_choices = design_of(program.evaluate(sampler(0)))
    assert len(open_choices) == EDGES
    graph = evaluate_design(program, dict.fromkeys(open_choices, edge)).graph
    assert (counts.params(graph), counts.macs(graph)) == (params, macs)


def test_a_unit_of_mobilenet_v2_like_chooses_for_as_many_blocks_as_it_is_deep() -> None:
    program = _program("mobilenet_v2_like")
    for seed in range(20):
        design = design_of(program.evaluate(sampler(seed)))
        depths = [value for path, value in design.items() if path.endswith("depth")]
        kernels = [value for path, value in design.items() if path.endswith("kernel")]
        assert len(depths) == 5
        assert len(kernels) == sum(depths)
