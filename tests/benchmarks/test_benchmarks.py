"""The benchmarks run; how fast they say things are is for people to read."""

from __future__ import annotations

import pytest

from archdsl.space.designs import Designs
from benchmarks import cold_start, designs, rules, training
from benchmarks.walkers import WALKERS


@pytest.mark.slow
def test_designs_are_rated_beside_torch_and_fvcore() -> None:
    name = designs.NAMES[0]
    assert designs.archdsl_rate(name, seconds=0.01).cold > designs.torch_rate(name, seconds=0.01)


@pytest.mark.parametrize("name", designs.NAMES)
def test_a_walker_by_hand_draws_designs_of_the_space_and_costs_them_right(name: str) -> None:
    read = Designs(designs.diagram_of(name, designs.FEW))
    walker = WALKERS[name](seed=3)
    for draw in (walker.draw, walker.draw_from_tables):
        for _ in range(100):
            design, params, macs = draw()
            rank = read.rank(design)
            assert rank is not None
            assert read.amounts(rank) == (params, macs)
            assert list(read.design(rank)) == list(design)


@pytest.mark.slow
@pytest.mark.parametrize("name", designs.NAMES)
def test_designs_from_the_diagram_keep_up_with_a_walker_by_hand(name: str) -> None:
    rates = designs.diagram_rates(name, seconds=0.5)
    assert rates.drawn > 0.9 * designs.walker_rates(name, seconds=0.5).plain
    assert rates.batch > rates.drawn


@pytest.mark.slow
def test_a_cold_check_is_rated_beside_the_import_of_torch() -> None:
    found = cold_start.pairs(3)
    assert min(pair.check for pair in found) <= 0.2 * min(pair.torch for pair in found)


@pytest.mark.parametrize("kind", training.SPECS)
def test_the_training_loop_is_timed_beside_one_by_hand(kind: str) -> None:
    assert 0.2 < training.ratio(kind, rounds=3, epochs=3) < 3


def test_rules_are_timed_on_a_graph() -> None:
    assert rules.seconds(rules.generated(100), repeats=1) > 0
