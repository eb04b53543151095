"""Workers that fail in every way: the search knows why, and goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from archdsl.searching.events import Again
from archdsl.searching.run.folder import TAIL
from archdsl.searching.run.opening import read_run
from archdsl.searching.supervising import processes
from tests.searching import evaluating
from tests.searching.searches import Seen, searched, values

HERE = "tests.searching.evaluating"
TRIALS = 8
TORCH_IS_FULL = "out of memory (RuntimeError: [enforce fail at alloc_cpu.cpp"


def apart(tmp_path: Path, evaluator: str, **asked: Any) -> Any:
    """A search whose trials have processes of their own."""
    asked.setdefault("trials", TRIALS)
    return searched(tmp_path / "run", f"{HERE}:{evaluator}", isolated=True, workers=2, **asked)


def bad(found: Any) -> list[int]:
    """The trials whose designs the evaluators treat badly."""
    some = [
        trial.number
        for trial in found.trials
        if evaluating.of(json.dumps(dict(trial.design))) < evaluating.BELOW
    ]
    assert 0 < len(some) < TRIALS
    return some


@pytest.mark.parametrize(
    ("evaluator", "kind", "reason", "attempts"),
    [
        ("raising", "error", "ValueError: the data are bad", 1),
        ("giving_nan", "nan", "`accuracy` is nan, no finite number", 1),
        ("crashing", "crash", "its process crashed (SIGSEGV)", 2),
        ("leaving", "crash", "its process ended with exit code 3", 2),
        ("out_of_memory", "memory", "out of memory (MemoryError)", 1),
        ("out_of_torchs_memory", "memory", TORCH_IS_FULL, 1),
    ],
)
def test_what_a_design_does_to_its_worker_is_recorded(
    tmp_path: Path, evaluator: str, kind: str, reason: str, attempts: int
) -> None:
    found = apart(tmp_path, evaluator)
    assert [trial.number for trial in found.trials if trial.failed] == bad(found)
    for trial in found.trials:
        if trial.failure:
            assert trial.failure.kind == kind
            assert trial.failure.reason.startswith(reason)
            assert trial.attempt == attempts
    (group,) = found.failures
    assert list(group.trials) == bad(found)


@pytest.mark.slow
def test_a_worker_that_hangs_is_ended_at_its_limit(tmp_path: Path) -> None:
    began = time.monotonic()
    found = apart(tmp_path, "hanging", trial_seconds=1.0)
    assert time.monotonic() - began < 30
    assert [trial.number for trial in found.trials if trial.failed] == bad(found)
    assert {group.reason for group in found.failures} == {"took longer than 1 s"}
    assert {trial.attempt for trial in found.trials} == {1}


def test_a_worker_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    found = apart(tmp_path, "filling_memory", trial_memory=200 * 2**20)
    assert [trial.number for trial in found.trials if trial.failed] == bad(found)
    for trial in found.trials:
        if trial.failure:
            assert trial.failure.kind == "memory"
            assert "more than its 200 MiB" in trial.failure.reason


def test_workers_that_no_trial_is_left_for_take_no_share_of_the_memory(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", f"{HERE}:digest", trials=TRIALS, workers=10**9)
    assert {trial.state for trial in found.trials} == {"complete"}


def test_a_worker_that_was_stopped_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STOPPED", 0.3)
    found = apart(tmp_path, "stopping_itself")
    assert [trial.number for trial in found.trials if trial.failed] == bad(found)
    assert {group.kind for group in found.failures} == {"stalled"}


def test_a_design_whose_worker_was_killed_is_tried_once_more(tmp_path: Path) -> None:
    seen = Seen()
    found = apart(tmp_path, "killing_once", observer=seen)
    assert values(found.trials) == values(searched(tmp_path / "whole", trials=TRIALS).trials)
    assert {trial.attempt for trial in found.trials} == {2}
    assert sorted(event.tried.number for event in seen.of(Again)) == list(range(TRIALS))
    assert "was killed (SIGKILL)" in seen.of(Again)[0].reason


def test_the_end_of_a_long_log_is_kept(tmp_path: Path) -> None:
    found = apart(tmp_path, "printing", trials=2)
    log = tmp_path / "run" / found.failures[0].log
    text = log.read_text(encoding="utf-8")
    assert len(text) <= TAIL + 10
    assert text.rstrip().endswith("ValueError: at the end")


def test_a_log_with_nothing_in_it_is_not_kept(tmp_path: Path) -> None:
    apart(tmp_path, "digest", trials=2)
    assert list((tmp_path / "run" / "trials").iterdir()) == []


def _has_ended(process: int) -> bool:
    """Whether a process is gone, or has ended and nobody has asked how."""
    with suppress(ProcessLookupError, FileNotFoundError):
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").split()[2] == "Z"
    return True


def test_what_a_worker_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    found = apart(tmp_path, "with_a_child", trials=2)
    assert found.ended == "trials"
    for place in (tmp_path / "run" / "trials").glob("*/child"):
        child = int(place.read_text(encoding="ascii"))
        assert any(_has_ended(child) or time.sleep(0.1) for _ in range(100))


def test_what_an_evaluator_gives_has_to_be_numbers(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", f"{HERE}:giving_a_list", trials=2)
    (group,) = found.failures
    assert group.reason == (
        "TypeError: an evaluator gives a mapping of metrics to numbers, not [0.5]"
    )


def test_a_function_of_a_script_is_called_in_this_process(tmp_path: Path) -> None:
    pids = set()

    def telling(trial: Any) -> dict[str, float]:
        pids.add(os.getpid())
        return {"accuracy": 0.5}

    searched(tmp_path / "run", telling, trials=3, isolated=True)
    assert pids == {os.getpid()}


def test_a_signal_is_named() -> None:
    assert processes._death(-signal.SIGTERM).reason == "its process was killed (SIGTERM)"
    assert processes._death(-signal.SIGFPE).kind == "crash"
    assert processes._death(-63).reason == "its process crashed (signal 63)"


SEARCH = """
import sys
from pathlib import Path
from tests.searching.searches import searched

folder, evaluator, options = Path(sys.argv[1]), sys.argv[2], {"tally": sys.argv[3]}
searched(folder, evaluator, trials=5, options=options)
"""


def test_a_function_of_a_module_is_called_in_processes_of_their_own(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", evaluating.telling_its_process, isolated=None, trials=3)
    pids = {trial.metrics["accuracy"] for trial in found.trials}
    assert len(pids) == 3
    assert os.getpid() not in pids


SCRIPT = """
import sys
from pathlib import Path
from tests.searching.searches import searched

print("the script runs")
found = searched(Path(sys.argv[1]), "tests.searching.evaluating:digest", isolated=True, trials=3)
print(found.ended)
"""


def test_a_script_needs_no_guard_against_being_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    told = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "run")],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "the script runs\ntrials\n"
    assert told.stderr == ""


CTRL_C = """
import sys
from pathlib import Path
from tests.searching.searches import searched

options = {"tally": sys.argv[2], "seconds": 0.3}
asked = {"trials": 50, "isolated": True, "workers": 2, "options": options}
print(searched(Path(sys.argv[1]), "tests.searching.evaluating:counted", **asked).ended)
"""


@pytest.mark.slow
def test_ctrl_c_in_a_terminal_ends_it_without_a_word_of_python(tmp_path: Path) -> None:
    tally = tmp_path / "tally"
    search = subprocess.Popen(
        [sys.executable, "-c", CTRL_C, str(tmp_path / "run"), str(tally)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while not tally.exists() or len(tally.read_text(encoding="utf-8").splitlines()) < 4:
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(search.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    out, err = search.communicate(timeout=30)
    assert (out, err, search.returncode) == ("interrupted\n", "", 0)
    trials = read_run(tmp_path / "run").trials
    assert {trial.attempt for trial in trials} == {1}
    assert not any(trial.failed for trial in trials)


@pytest.mark.slow
def test_a_design_that_kills_the_search_itself_is_tried_apart_and_no_third_time(
    tmp_path: Path,
) -> None:
    tally = tmp_path / "tally"
    asked = [str(tmp_path / "run"), f"{HERE}:ending_its_process", str(tally)]
    first = subprocess.run([sys.executable, "-c", SEARCH, *asked], check=False, timeout=60)
    assert first.returncode == -signal.SIGKILL
    subprocess.run([sys.executable, "-c", SEARCH, *asked], check=True, timeout=60)
    assert tally.read_text(encoding="ascii").split() == ["1", "2"]
    trials = read_run(tmp_path / "run").trials
    assert [trial.state for trial in trials] == ["complete"] * 2 + ["failed"] + ["complete"] * 2
    assert trials[2].failure is not None
    assert "SIGKILL" in trials[2].failure.reason
