"""What is proven of the spaces of the literature is what calculators find: counts and bounds."""

from __future__ import annotations

import pytest

from archdsl.cost import counts
from archdsl.evaluate.bounds import DEFAULT
from archdsl.evaluate.program import Evaluation
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space.exhaust import every
from archdsl.space.space import Space
from tests.designs import evaluate_design
from tests.space.literature.facts import FACTS, SPACES, program

COSTS = {"params": counts.params, "macs": counts.macs}
WORK = DEFAULT._replace(work=30_000_000)  # some cells have few parts in common
LARGE = ("nas_bench_101",)  # takes several seconds
NAMES = [pytest.param(name, marks=[pytest.mark.slow] if name in LARGE else []) for name in FACTS]


@pytest.mark.parametrize("name", NAMES)
def test_designs_are_counted_exactly(name: str) -> None:
    assert Space(program(name)).count() == FACTS[name].count


def test_a_count_is_what_trying_every_design_finds() -> None:
    tried = every(program("table"))
    assert sum(isinstance(one, Evaluation) for one in tried) == FACTS["table"].count


@pytest.mark.parametrize("metric", COSTS)
@pytest.mark.parametrize("name", NAMES)
def test_bounds_are_reached_by_the_designs_that_prove_them(name: str, metric: str) -> None:
    space = program(name)
    found = Space(space, WORK).bounds(metric)
    assert found is not None
    assert (found.low.value, found.high.value) == getattr(FACTS[name], metric)
    for extreme in (found.low, found.high):
        assert COSTS[metric](evaluate_design(space, extreme.design).graph) == extreme.value


# Spaces cut down until every design can be tried: what is written, and what stands there instead.
CUTS = {
    "autoformer_tiny": {"12 to 14": "1 to 2"},
    "einspace_like": {"motif(3)": "motif(1)"},
    "nas_bench_101": {"conv_bn_act(width, 3) | conv_bn_act(width, 1) |": ""},
    "sequence": {"2 to 6": "2 to 3"},
    "table": {"64 | 128 | 256 | 512": "64 | 512"},
    "unet": {"2 to 4": "1 to 2"},
}


@pytest.mark.parametrize("name", [case for case in NAMES if case.values[0] in CUTS])
def test_a_small_copy_is_counted_and_bounded_as_trying_every_design_does(name: str) -> None:
    text = (SPACES / f"{name}.arch").read_text(encoding="utf-8")
    for written, instead in CUTS[name].items():
        assert written in text
        text = text.replace(written, instead)
    space = load(Source(text)).program()
    tried = [one.graph for one in every(space) if isinstance(one, Evaluation)]
    assert Space(space, WORK).count() == len(tried)
    for metric, cost in COSTS.items():
        found = Space(space, WORK).bounds(metric)
        assert found is not None
        costs = [cost(graph) for graph in tried]
        assert (found.low.value, found.high.value) == (min(costs), max(costs))
