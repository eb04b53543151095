"""The benchmarks run; how fast they say things are is for people to read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import archdsl
from archdsl.runtime.live.scores import list_scores
from archdsl.space.designs import Designs
from benchmarks import cold_start, designs, rules, scores, training
from benchmarks.walkers import WALKERS

if TYPE_CHECKING:
    from pathlib import Path


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
    assert training.ratio(kind, rounds=1, epochs=1) > 0


def test_rules_are_timed_on_a_graph() -> None:
    assert rules.seconds(rules.generated(100), repeats=1) > 0


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Made-up accuracies of all cells: each its number, the last edge varying fastest."""
    edges = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]
    path = tmp_path / "accuracies.json"
    numbers = list(range(5**6))
    path.write_text(json.dumps({"edges": edges, "ops": [*scores.OPERATIONS], "accuracy": numbers}))
    return path


def test_a_cell_of_a_published_table_is_found_by_its_design(table: Path) -> None:
    (design,) = archdsl.sample(scores.SPEC, 1, seed=1)
    assert scores.path([1, 3]) == "cell.node3.edge_2"
    digits = [[*scores.OPERATIONS.values()].index(design[name]) for name in (
        "cell.node1.edge", "cell.node2.edge", "cell.node3.edge",
        "cell.node2.edge_2", "cell.node3.edge_2", "cell.node3.edge_3",
    )]  # fmt: skip
    number = int("".join(map(str, digits)), base=5)
    known, edges = scores.accuracies(table), json.loads(table.read_text())["edges"]
    assert known[tuple(design[scores.path(edge)] for edge in edges)] == number


@pytest.mark.slow
def test_scores_are_ranked_beside_sizes(table: Path) -> None:
    found = scores.rankings(table, 3, 1)
    assert [one.name for one in found] == ["params", "macs", *list_scores()]
    assert all(-1 <= one.rho <= 1 for one in found)
