"""What is proven of the spaces of the literature is what their calculators come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archdsl.cost import counts
from archdsl.evaluate.bounds import DEFAULT
from archdsl.evaluate.designs import Given
from archdsl.space.distribution import distribution
from archdsl.space.exhaust import every
from archdsl.space.space import Space
from tests.space.literature.facts import FACTS, program

if TYPE_CHECKING:
    from archdsl.space.totals import Distribution

# NAS-Bench-101 has 431,568 cells of which few parts recur: more work than is usually allowed
WORK = 3_000_000
COSTS = {"params": counts.params, "macs": counts.macs}


QUICK = [
    pytest.param(name, marks=pytest.mark.slow) if name == "nas_bench_101" else name
    for name in FACTS
]


@pytest.mark.parametrize("name", QUICK)
def test_every_design_is_counted(name: str) -> None:
    assert Space.of(program(name)).count() == FACTS[name].count


@pytest.mark.parametrize("metric", COSTS)
@pytest.mark.parametrize("name", QUICK)
def test_the_bounds_are_proven_with_designs_that_reach_them(name: str, metric: str) -> None:
    spec = program(name)
    extent = Space(spec, DEFAULT._replace(work=WORK)).bounds(metric)
    assert extent is not None
    low, high = getattr(FACTS[name], metric)
    assert (extent.low.value, extent.high.value) == (low, high)
    for end in extent:
        graph = spec.evaluate(Given(end.design)).graph
        assert COSTS[metric](graph) == end.value


@pytest.mark.slow
def test_the_share_under_a_limit_is_what_trying_every_cell_finds() -> None:
    spec = program("nas_bench_201")
    space = Space.of(spec)
    (part, how), *others = space.measured("params")
    assert not others
    found: Distribution = distribution(part.node, how.weights)
    tried = sum(counts.params(one.graph) <= 500_000 for one in every(spec))  # type: ignore[union-attr]
    assert found.count_at_most(500_000) == (tried, tried)
