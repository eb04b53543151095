"""Two runs side by side, held against what is counted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import archdsl
from archdsl.searching.results.comparing import compared
from archdsl.searching.troubles import SearchError
from tests.searching.searches import SPEC
from tests.searching.test_results import run_of

if TYPE_CHECKING:
    from pathlib import Path

ONE = SPEC.replace("  model", "  maximize accuracy\n  model")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    run_of(folder / "a", ONE, trials=40, seed=0)
    run_of(folder / "b", ONE, trials=25, seed=1)
    run_of(folder / "two_a", trials=40, seed=0)
    run_of(folder / "two_b", trials=40, seed=1)
    return folder


def both(runs: Path, *names: str) -> Any:
    return compared(*(archdsl.results(runs / name) for name in names))


@pytest.mark.slow
def test_the_best_is_compared_after_as_many_trials_of_each(runs: Path) -> None:
    found = both(runs, "a", "b")
    assert [after.trials for after in found.after] == [5, 10, 20, 25]
    for trials, *bests in found.after:
        for run, best in zip((found.one, found.other), bests, strict=True):
            values = [t.values[0] for t in run.trials[:trials] if t.values]
            assert best == max(values)


def test_designs_that_both_tried_are_those_of_one_key(runs: Path) -> None:
    found = both(runs, "a", "b")
    mine = {tried.key for tried in found.one.complete}
    assert len(found.both) == len(mine & {t.key for t in found.other.complete}) > 0
    for a, b in found.both:
        assert found.one.trials[a].design == found.other.trials[b].design
    assert found.apart == (0.0,)


def test_of_several_objectives_the_front_of_both_and_volumes_by_one_measure(runs: Path) -> None:
    found = both(runs, "two_a", "two_b")
    every = [tried.values for run in (found.one, found.other) for tried in run.complete]
    joint = {v for v in every if not any(w[0] >= v[0] and w[1] <= v[1] and w != v for w in every)}
    counts = tuple(sum(t.values in joint for t in run.front) for run in (found.one, found.other))
    assert found.front == counts
    assert found.reference == (min(v[0] for v in every), max(v[1] for v in every))
    shares = [after.one for after in found.after]
    assert shares == sorted(shares)
    swapped = both(runs, "two_b", "two_a")
    assert [(a.other, a.one) for a in found.after] == [(a.one, a.other) for a in swapped.after]


def test_a_run_is_as_good_as_itself(runs: Path) -> None:
    found = both(runs, "two_a", "two_a")
    assert all(after.one == after.other for after in found.after)
    assert len(found.both) == len(found.one.complete)


def test_runs_of_other_objectives_are_not_compared(runs: Path) -> None:
    with pytest.raises(SearchError, match="E942: the runs are of other objectives"):
        both(runs, "a", "two_a")


def test_a_run_without_values_is_not_compared(runs: Path, tmp_path: Path) -> None:
    run_of(tmp_path / "none", ONE, "tests.searching.evaluating:always_raising", trials=3)
    with pytest.raises(SearchError, match="E941"):
        compared(archdsl.results(runs / "a"), archdsl.results(tmp_path / "none"))
