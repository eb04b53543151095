"""Trials on a Ray cluster of two machines, which are two nodes on this one."""

from __future__ import annotations

import os
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.searching.supervising.jobs import Cluster
from archdsl.searching.supervising.rays import failure_of
from archdsl.searching.troubles import SearchError
from tests.searching.searches import Seen, searched, values

if TYPE_CHECKING:
    from collections.abc import Iterator

ray = pytest.importorskip("ray")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
HERE = "tests.searching.evaluating"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two nodes with room for a trial on the first, and for two on the second."""
    from ray.cluster_utils import Cluster as Nodes

    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nodes = Nodes(initialize_head=True, head_node_args={"num_cpus": 1})
        nodes.second = nodes.add_node(num_cpus=2)
        yield nodes
        ray.shutdown()
        nodes.shutdown()


def on_cluster(nodes: Any, folder: Path, evaluator: str, **asked: Any) -> Any:
    """A search on both nodes."""
    return searched(folder, f"{HERE}:{evaluator}", cluster=Cluster(nodes.address), **asked)


def test_trials_of_a_lost_node_run_again(tmp_path: Path, nodes: Any) -> None:
    seen = Seen()
    tally = tmp_path / "tally"

    def lose() -> None:
        until = time.monotonic() + 100
        while not tally.exists() or len(tally.read_text(encoding="utf-8").splitlines()) < 6:
            if time.monotonic() > until:
                return
            time.sleep(0.05)
        nodes.remove_node(nodes.second, allow_graceful=False)

    losing = threading.Thread(target=lose)
    losing.start()
    options = {"tally": str(tally), "seconds": 1.0}
    found = on_cluster(
        nodes, tmp_path / "run", "counted", trials=14, options=options, observer=seen
    )
    losing.join()
    assert found.ended == "trials"
    assert values(found.trials) == values(searched(tmp_path / "whole", trials=14).trials)
    again = [trial for trial in found.trials if trial.attempt == 2]
    assert 1 <= len(again) <= 2
    assert {event.tried.number for event in seen.events if hasattr(event, "reason")} == {
        trial.number for trial in again
    }


def test_failures_are_told_as_without_a_cluster(tmp_path: Path, nodes: Any) -> None:
    for evaluator in ("raising", "crashing"):
        there = on_cluster(nodes, tmp_path / evaluator, evaluator, trials=8)
        here = searched(
            tmp_path / f"{evaluator}-here", f"{HERE}:{evaluator}", trials=8, isolated=True
        )
        assert values(there.trials) == values(here.trials)
        assert there.failures == here.failures
        log = there.failures[0].log
        logs = [
            (tmp_path / run / log).read_text("utf-8") for run in (evaluator, f"{evaluator}-here")
        ]
        assert _ends_with(logs[0]) == _ends_with(logs[1])


def _ends_with(log: str) -> str:
    """The last line of a log, but for what a crash tells of the modules that were loaded."""
    lines = (line for line in log.splitlines() if line.strip())
    return [line for line in lines if not line.startswith("Extension modules")][-1]


class Second:
    """Stops trials after their second epoch."""

    def stops(self, number: int, epoch: int, curves: Any) -> bool:
        return bool(epoch == 2)


def test_trials_report_and_are_stopped(tmp_path: Path, nodes: Any) -> None:
    found = on_cluster(nodes, tmp_path / "run", "by_epoch", trials=5, pruning=Second(), workers=2)
    here = searched(tmp_path / "here", f"{HERE}:by_epoch", trials=5, pruning=Second())
    assert {trial.state for trial in found.trials} == {"pruned"}
    assert values(found.trials) == values(here.trials)


def test_a_cluster_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = searched(tmp_path / "run", cluster=Cluster("local"), workers=2, trials=6)
        assert not ray.is_initialized()
    assert values(found.trials) == values(searched(tmp_path / "whole", trials=6).trials)


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    warnings.simplefilter("ignore")
    with pytest.raises(SearchError, match="E931: there is no Ray"):
        searched(tmp_path / "run", cluster=Cluster("auto"), trials=2)


def test_what_a_task_comes_to_nothing_of_is_named() -> None:
    assert failure_of(ray.exceptions.WorkerCrashedError()).kind == "lost"
    assert failure_of(ray.exceptions.OutOfMemoryError("m")).kind == "memory"
    assert failure_of(ray.exceptions.RayError("odd")).reason == "on the cluster: RayError: odd"
