"""The storage under load: many processes, a full disk, a database server that stops."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import optuna
import pytest

from archdsl.searching.events import Ended, Event
from archdsl.searching.run.opening import read_run
from archdsl.searching.troubles import SearchError
from tests.searching.searches import searched, values

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
TOGETHER = """
import sys
from pathlib import Path
from tests.searching.searches import searched

found = searched(Path(sys.argv[1]), trials=int(sys.argv[2]), join=True, storage=sys.argv[3])
print(found.ended)
"""
LIMITED = """
import resource, sys
from pathlib import Path
from archdsl.searching.troubles import SearchError
from tests.searching.searches import searched

most = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
for _ in range(2):  # the second one is not refused for the first, which could not say that it ended
    try:
        searched(Path(sys.argv[1]), trials=100)
    except SearchError as error:
        print(error.code, error)
"""


def together(folder: Path, processes: int, trials: int, url: str = "") -> None:
    """Searches of one run, all begun at once; each has to end well."""
    asked = [str(folder), str(trials), url]
    some = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, *asked],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    told = [one.communicate(timeout=280) for one in some]
    assert [one.returncode for one in some] == [0] * processes, told
    assert {out.strip() for out, _ in told} == {"trials"}


def whole(tmp_path: Path, trials: int) -> object:
    """The trials of a search that is alone."""
    return values(searched(tmp_path / "whole", trials=trials).trials)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_eight_processes_share_one_sqlite_file(tmp_path: Path) -> None:
    together(tmp_path / "run", 8, 100)
    assert values(read_run(tmp_path / "run").trials) == whole(tmp_path, 100)


@pytest.mark.slow
def test_three_processes_make_one_sqlite_file_at_once(tmp_path: Path) -> None:
    together(tmp_path / "run", 3, 12)
    assert values(read_run(tmp_path / "run").trials) == whole(tmp_path, 12)


@pytest.mark.slow
def test_a_full_disk_is_named_and_the_search_goes_on_when_there_is_room(tmp_path: Path) -> None:
    searched(tmp_path / "run", trials=1)  # with its tables, and room for some trials more
    most = (tmp_path / "run" / "trials.db").stat().st_size + 40_000
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "run"), str(most)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert [line[:4] for line in ended.stdout.splitlines()] == ["E914"] * 2, ended.stdout
    assert "cannot be written" in ended.stdout
    kept = [trial for trial in read_run(tmp_path / "run").trials if trial.state == "complete"]
    assert 1 <= len(kept) < 100
    found = searched(tmp_path / "run", trials=100)
    assert values(found.trials) == whole(tmp_path, 100)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    if subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("a disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.slow
def test_a_disk_that_fills_up_is_named(tmp_path: Path, full: Path) -> None:
    searched(full / "run", trials=1)
    filling = full / "filling"
    handle = os.open(filling, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while True:
            os.write(handle, b"0" * 4096)
    os.close(handle)
    command = [sys.executable, "-c", LIMITED, str(full / "run"), "100000000"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stdout.startswith("E914"), ended.stdout + ended.stderr
    filling.unlink()
    found = searched(full / "run", trials=100)
    assert values(found.trials) == whole(tmp_path, 100)


@pytest.mark.parametrize("isolated", [False, True])
def test_a_trial_that_finds_no_room_is_given_back(tmp_path: Path, isolated: bool) -> None:
    evaluator = "tests.searching.evaluating:on_a_full_disk"
    with pytest.raises(SearchError, match=r"E914: .*00002 cannot be written: no space left"):
        searched(tmp_path / "run", evaluator, trials=5, isolated=isolated)
    states = [trial.state for trial in read_run(tmp_path / "run").trials]
    assert states == ["complete", "complete", "running"]


def test_a_dashboard_may_read_while_a_search_writes(tmp_path: Path) -> None:
    seen: list[int] = []

    def looked_at(event: object) -> None:
        url = f"sqlite:///{tmp_path / 'run' / 'trials.db'}"
        (name,) = optuna.get_all_study_names(url)
        seen.append(len(optuna.load_study(study_name=name, storage=url).trials))

    searched(tmp_path / "run", trials=5, observer=looked_at)
    assert seen == sorted(seen)
    assert seen[-1] == 5


def test_a_database_that_is_removed_during_a_search_ends_it(tmp_path: Path) -> None:
    def removing(event: Event) -> None:
        if isinstance(event, Ended) and event.tried.number == 1:
            (tmp_path / "run" / "trials.db").unlink()

    with pytest.raises(SearchError, match=r"E913: .*trials.db was removed or replaced"):
        searched(tmp_path / "run", trials=5, observer=removing)
    assert len(searched(tmp_path / "run", trials=3).complete) == 3
