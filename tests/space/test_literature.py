"""The spaces of the literature are what their papers say: counts, extremes, known designs.

``tests.space.literature`` has a calculator for each, written from the publication alone.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
import torch

import archdsl
from archdsl.cost import counts
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of, sampler
from archdsl.rules.config import Config
from archdsl.terms import Terms
from archdsl.types import shape
from tests import peers
from tests.designs import evaluate_design
from tests.property.running import disagreements
from tests.space.literature import (
    autoformer,
    darts,
    hierarchical,
    nas_bench_101,
    once_for_all,
    unet,
)
from tests.space.literature.costs import Cost
from tests.space.literature.facts import FACTS, ROOT, SPACES, program
from tests.zoo.published import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.api import Compiled
    from archdsl.evaluate.program import Evaluation, Program

DRAWN = 12


def _drawn(space: Program) -> Iterator[Evaluation]:
    """Designs that fit together, each choice drawn evenly."""
    for seed in range(200):
        try:
            yield space.evaluate(sampler(seed))
        except SpecError:
            continue


def _cost(evaluation: Evaluation) -> Cost:
    return Cost(counts.params(evaluation.graph), counts.macs(evaluation.graph))


# What is told ---------------------------------------------------------------------------------


def test_each_space_has_its_facts() -> None:
    assert set(FACTS) <= {path.stem for path in SPACES.glob("*.arch")}


@pytest.mark.parametrize("name", FACTS)
def test_the_header_tells_count_and_bounds(name: str) -> None:
    facts = FACTS[name]
    header = re.split(r"\n(?!#)", (SPACES / f"{name}.arch").read_text(encoding="utf-8"))[0]
    text = header.replace("\n# ", " ")
    count = f"{facts.count:,}" if facts.count < 10**30 else "7.03 * 10^375"
    assert f"{count} designs" in text
    assert "{:,} to {:,} parameters".format(*facts.params) in text
    assert "{:,} to {:,} MACs".format(*facts.macs) in text


@pytest.mark.parametrize("name", FACTS)
def test_a_calculator_comes_to_the_same_numbers(name: str) -> None:
    facts = FACTS[name]
    assert facts.calculator.count() == facts.count
    assert facts.calculator.bounds() == facts.span


# What designs cost ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FACTS)
def test_designs_cost_what_the_calculator_says(name: str) -> None:
    for drawn in islice(_drawn(program(name)), DRAWN):
        assert _cost(drawn) == FACTS[name].calculator.cost(design_of(drawn))


@pytest.mark.parametrize("name", FACTS)
def test_designs_come_out_the_same_when_read_back(name: str) -> None:
    space = program(name)
    for drawn in islice(_drawn(space), DRAWN):
        assert _cost(evaluate_design(space, design_of(drawn))) == _cost(drawn)


@pytest.mark.parametrize(
    ("cells", "params"),
    [
        (darts.uniform(darts.MAX), 1_370_134),
        (darts.uniform(darts.SEP5), 5_144_086),
        (darts.DARTS_V2, 3_349_342),
    ],
    ids=["all_pool", "all_sep5", "DARTS_V2"],
)
def test_cells_of_darts_cost_what_is_published(cells: Any, params: int) -> None:
    found = _cost(evaluate_design(program("darts"), darts.design(*cells)))
    assert found == darts.network(*cells)
    assert found.params == params


def test_the_network_that_autoformer_found_has_almost_its_published_size() -> None:
    found = autoformer.AUTOFORMER_T
    design = autoformer.design(found["width"], found["heads"], found["ratios"])
    cost = _cost(evaluate_design(program("autoformer_tiny"), design))
    assert cost == autoformer.network(found["width"], found["heads"], found["ratios"])
    assert (cost.params, round(cost.macs / 1e9, 1)) == (5_768_104, 1.3)  # published: 5.7M, 1.3G


def test_the_zoos_unet_is_in_the_space() -> None:
    space = program("unet")
    wanted = {"depth": 4, "width": 64}

    def choose(path: str, point: Any) -> int:
        value = wanted.get(path[1:], 3 if path.endswith("kernel") else "conv_transpose")
        return list(point.labels).index(value)

    published = PUBLISHED["unet"]
    assert _cost(space.evaluate(choose)) == (published.params, published.macs)
    assert unet.two_convs(3, 64, 3, 224).params == 3 * 64 * 9 + 64 * 64 * 9 + 4 * 64


# Ying et al.'s example of a query: an Inception-like cell, and its trainable parameters.
INCEPTION_LIKE = frozenset({(0, 1), (0, 2), (0, 3), (0, 5), (1, 6), (2, 6), (3, 4), (4, 6), (5, 6)})
INCEPTION_OPS = ("conv_bn_act(width, 1)", *["conv_bn_act(width, 3)"] * 3, "max_pool")


def test_the_example_of_nas_bench_101_has_its_published_size() -> None:
    wiring = {"out1": 1, "out2": 1, "out3": 0, "out4": 1}
    wiring |= {"more2": 1, "more3": 1, "more4": 0, "more5": 1, "more6": 0}
    picks = {"v2.pick": "projection", "v3.pick": "projection", "v5.pick": "projection"}
    ops = {f"v{vertex}.op": op for vertex, op in enumerate(INCEPTION_OPS, start=1)}
    design = {f"cell.wired.{name}": value for name, value in {**wiring, **picks, **ops}.items()}
    assert nas_bench_101.edges_of(design) == INCEPTION_LIKE
    found = _cost(evaluate_design(program("nas_bench_101"), design))
    assert found == nas_bench_101.cost(design)
    assert found.params == 2_694_282


@pytest.mark.slow
def test_cells_of_nas_bench_101_are_as_many_as_published() -> None:
    cells = [nas_bench_101.different(vertices) for vertices in range(2, 8)]
    assert sum(cells) == nas_bench_101.DIFFERENT
    assert cells[-1] == 359_082
    assert nas_bench_101.different(7, nas_bench_101.is_spelled) == 270_189


def test_no_cell_of_nas_bench_101_that_is_not_spelled_is_smaller_or_larger() -> None:
    assert nas_bench_101.bounds(lambda edges: True) == FACTS["nas_bench_101"].span


def test_the_paper_counts_a_block_of_the_hierarchical_space_twice() -> None:
    once, twice = (
        str(hierarchical.count(ops=hierarchical.OPS + extra)) for extra in (0, hierarchical.BLOCKS)
    )
    assert (once[:3], len(once) - 1) == ("702", 375)
    assert len(twice) - 1 == 446


@pytest.mark.parametrize("value", [18, 24, 30, 36, 60, 84, 112, 168, 240])
def test_widths_of_gates_are_rounded_as_once_for_all_does(value: int) -> None:
    assert once_for_all.divisible(value) == 8 * -(-value // 8)


# What is built ----------------------------------------------------------------------------------

UNJUDGED = Terms(Config(ignore=("P",)))  # what is drawn may break principles
QUICK = ("nas_bench_201", "mobilenet_v2_like", "unet")
LIGHT = 2_500_000_000  # MACs: more takes long on two cores


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("name", [name for name in FACTS if name not in {"sequence", *QUICK}])
def test_designs_of_deep_spaces_run_and_cost_what_torch_counts(name: str, number: int) -> None:
    _runs_and_costs_what_torch_counts(name, number)


@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize("name", QUICK)
def test_designs_run_and_cost_what_torch_counts(name: str, number: int) -> None:
    _runs_and_costs_what_torch_counts(name, number)


def _runs_and_costs_what_torch_counts(name: str, number: int) -> None:
    compiled = _compiled(name, number)
    module = compiled.module().eval()
    taken = torch.randn(1, *shape(compiled.graph.model.takes))
    assert tuple(peers.run(module, taken).shape) == (1, *shape(compiled.graph.model.out))
    assert sum(parameter.numel() for parameter in module.parameters()) == compiled.params
    assert peers.macs(module, taken) == compiled.macs


@pytest.mark.parametrize("number", range(3))
def test_designs_for_series_run_and_cost_what_torch_counts(number: int) -> None:
    assert list(disagreements(_compiled("sequence", number))) == []


def _compiled(name: str, number: int) -> Compiled:
    """The module of one of the designs that are drawn, a light one."""
    light = (drawn for drawn in _drawn(program(name)) if _cost(drawn).macs < LIGHT)
    design = design_of(next(islice(light, number, None)))
    text = (SPACES / f"{name}.arch").read_text(encoding="utf-8")
    return archdsl.compile(text, design=design, root=ROOT, terms=UNJUDGED)
