"""What is proven of the spaces of the literature is what calculators find: counts and bounds."""

from __future__ import annotations

import pytest

from archdsl.cost import counts
from archdsl.evaluate.bounds import DEFAULT
from archdsl.evaluate.designs import evaluate_design
from archdsl.space.exhaust import exhaust
from archdsl.space.space import Space
from tests.space.literature.facts import FACTS, program

COSTS = {"params": counts.params, "macs": counts.macs}
WORK = DEFAULT._replace(work=2_000_000)  # some cells have few parts in common
LARGE = ("nas_bench_101",)  # takes several seconds
NAMES = [pytest.param(name, marks=[pytest.mark.slow] if name in LARGE else []) for name in FACTS]


@pytest.mark.parametrize("name", NAMES)
def test_designs_are_counted_exactly(name: str) -> None:
    assert Space.of(program(name)).count() == FACTS[name].count


def test_a_count_is_what_trying_every_design_finds() -> None:
    assert exhaust(program("table")) == FACTS["table"].count


@pytest.mark.parametrize("metric", COSTS)
@pytest.mark.parametrize("name", NAMES)
def test_bounds_are_reached_by_the_designs_that_prove_them(name: str, metric: str) -> None:
    space = program(name)
    found = Space(space, WORK).bounds(metric)
    assert found is not None
    assert (found.low.value, found.high.value) == getattr(FACTS[name], metric)
    for extreme in (found.low, found.high):
        assert COSTS[metric](evaluate_design(space, extreme.design).graph) == extreme.value
