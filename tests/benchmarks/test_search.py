"""Searches of published tables: the tables are whole, the peers run, a limit is kept."""

from __future__ import annotations

from random import Random

import pytest

from archdsl.api import judging_of, read
from archdsl.searching.candidates import Candidates
from benchmarks import constrained, search, search_page
from benchmarks.published import nas_bench_201, nas_bench_graph, there
from benchmarks.search_peers import PEERS
from benchmarks.tables import Table

needs_tables = pytest.mark.skipif(
    not (there("nas_bench_201_accuracy") and there("nas_bench_graph")),
    reason="the tables lie outside the repository and are not here",
)
OPTIONS = {"a": ("x", "y", "z"), "b": ("u", "v")}


@needs_tables
def test_every_cell_has_its_accuracy_and_the_best_is_the_published_one() -> None:
    table = nas_bench_201()
    assert len(table.row_of) == len(set(table.row_of.values())) == 15_625
    assert max(table.valid) == 94.0664
    dead = [one for one in table.candidates().every() if table.valid[int(one.key)] == 10.0]
    assert len(dead) == 341


@needs_tables
@pytest.mark.slow
def test_every_network_of_the_graph_table_has_a_row_and_twins_have_the_same() -> None:
    table = nas_bench_graph("cora")
    assert len(set(table.row_of.values())) == 26_206
    assert 9**5 - len(table.row_of) == 9
    ops = {"op1": "gcn", "op2": "gat", "op3": "fc", "op4": "gin"}
    swapped = {"op1": "fc", "op2": "gin", "op3": "gcn", "op4": "gat"}
    side_by_side = {"links": "0000"}
    assert table.row({**side_by_side, **ops}) == table.row({**side_by_side, **swapped})
    assert table.row({"links": "0123", **ops}) != table.row({"links": "0123", **swapped})


@needs_tables
def test_auto_finds_more_than_random_and_tries_nothing_twice() -> None:
    table = nas_bench_201()
    found = search.ours("auto", table, 0)[:60]
    drawn = search.ours("random", table, 0)
    assert max(table.valid[row] for row in found) > max(table.valid[row] for row in drawn)


def test_a_curve_tells_the_test_accuracy_of_the_best_in_validation() -> None:
    table = (
        nas_bench_201()._replace(valid=[1.0, 3.0, 2.0], test=[9.0, 7.0, 8.0])
        if there("nas_bench_201_accuracy")
        else None
    )
    if table is None:
        pytest.skip("no table")
    assert search.curve([0, 2, -1, 1, 0], table) == [9.0, 8.0, 8.0, 7.0, 7.0]


@pytest.mark.parametrize("name", list(PEERS))
def test_a_peer_tries_as_many_designs_as_it_may_and_the_same_with_one_seed(name: str) -> None:
    if not search.is_here(name):
        pytest.skip(f"{PEERS[name].package} is not installed")
    runs = []
    for seed in (1, 1):
        tried: list[dict[str, str]] = []
        worth = {"x": 1.0, "y": 2.0, "z": 0.0}
        PEERS[name].runs(OPTIONS, lambda d, t=tried, w=worth: t.append(d) or w[d["a"]], 12, seed)
        assert len(tried) == 12
        assert all(one[path] in labels for one in tried for path, labels in OPTIONS.items())
        runs.append(tried)
    assert runs[0] == runs[1]


def test_a_table_gives_the_nearest_design_that_is_allowed() -> None:
    table = Table(OPTIONS, lambda design: design["a"] != "x" or design["b"] == "u")
    assert table.count == 5
    wish = {"a": "x", "b": "v"}
    near = {str(table.nearest(wish, Random(i))) for i in range(20)}
    assert near == {str({"a": "x", "b": "u"}), str({"a": "y", "b": "v"}), str({"a": "z", "b": "v"})}
    assert table.nearest(wish, Random(0), ("a",)) == {"a": "x", "b": "u"}
    assert table.nearest(wish, Random(0), ("a", "b")) is None


@needs_tables
def test_under_a_limit_ours_waste_no_trial_and_others_do() -> None:
    import optuna

    case = constrained.CASES[0]
    judging = judging_of(read(case.text()), None)
    found = constrained.ours("evolution", case, Candidates(judging), 60)
    assert (found.trials, found.beyond) == (60, 0)
    plain = judging_of(read(constrained.SPACES / f"{case.name}.arch"), None).program
    theirs = constrained.theirs(optuna.samplers.RandomSampler(seed=0), case, plain, 60)
    # 10,240 of 15,625 designs keep the limit.
    assert 0.2 < theirs.beyond / theirs.trials < 0.5


def test_the_page_is_written_from_what_was_measured() -> None:
    page = (search_page.DOCS / "search_benchmark.md").read_text("utf-8")
    results = search.kept()
    for table, found in results.items():
        if table == "constrained":
            assert search_page._limited(found) in page
        else:
            assert search_page._rows(found) in page
            assert (search_page.DOCS / f"search_{table}.svg").exists()


def test_auto_is_at_or_above_what_is_best_within_a_standard_error() -> None:
    found = search.kept()["nas_bench_201"]
    for number, best in zip(search.BUDGETS, (93.99, 94.03, 94.05), strict=True):
        assert found["auto"]["mean"][number - 1] + found["auto"]["error"][number - 1] >= best
