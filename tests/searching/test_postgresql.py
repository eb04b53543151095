"""Many processes on a PostgreSQL server, which the tests start for themselves."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.searching.run.opening import read_run
from archdsl.searching.troubles import SearchError
from tests.searching.searches import searched, values

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not shutil.which("initdb"), reason="PostgreSQL is not installed"),
]
ROOT = Path(__file__).parents[2]
SEARCH = """
import sys
from pathlib import Path
from tests.searching.searches import searched

asked = {"trials": int(sys.argv[3]), "options": {"seconds": 0.05, "tally": sys.argv[4]}}
searched(Path(sys.argv[1]), "tests.searching.evaluating:counted", storage=sys.argv[2], join=True,
    **asked)
"""


def _as_somebody() -> dict[str, Any]:
    """The server refuses to run as root."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a server's database."""
    folder = Path(tempfile.mkdtemp(prefix="archdsl-pg-"))
    who = _as_somebody()
    if who:
        shutil.chown(folder, **who)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    initdb = ["initdb", "-D", str(data), "-U", "me", "-A", "trust", "-N"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **who)
    server = subprocess.Popen(
        ["postgres", "-D", str(data), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1", "-F"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **who,
    )
    try:
        _wait_for(port)
        yield f"postgresql+psycopg://me@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int) -> None:
    ready = ["pg_isready", "-h", "127.0.0.1", "-p", str(port)]
    until = time.monotonic() + 30
    while subprocess.run(ready, capture_output=True, check=False).returncode:
        assert time.monotonic() < until, "the server did not come up"
        time.sleep(0.1)


def search(folder: Path, url: str, trials: int, tally: Path) -> subprocess.Popen[str]:
    """A search in another process; each has a folder of its own, as on another machine."""
    asked = [str(folder), url, str(trials), str(tally)]
    return subprocess.Popen([sys.executable, "-c", SEARCH, *asked], cwd=ROOT, text=True)


def test_four_machines_share_a_run_and_one_that_dies_is_made_up_for(
    server: str, tmp_path: Path
) -> None:
    tally = tmp_path / "tally"
    some = [search(tmp_path / f"machine{i}", server, 60, tally) for i in range(4)]
    until = time.monotonic() + 60
    while not tally.exists() or len(tally.read_text(encoding="utf-8").split("\n")) < 12:
        assert time.monotonic() < until
        time.sleep(0.05)
    some[0].kill()
    assert [one.wait(200) for one in some] == [-signal.SIGKILL, 0, 0, 0]
    again = search(tmp_path / "machine0", server, 60, tally)
    assert again.wait(100) == 0
    run = read_run(tmp_path / "machine1")
    whole = searched(tmp_path / "whole", trials=60)
    assert values(run.trials) == values(whole.trials)
    begun = [line.split()[0] for line in tally.read_text(encoding="utf-8").splitlines()]
    twice = {number for number in begun if begun.count(number) > 1}
    assert len(twice) <= 1  # the one that ran when its machine died


def test_a_second_search_is_refused_there_too(server: str, tmp_path: Path) -> None:
    options = {"tally": str(tmp_path / "tally"), "seconds": 0.3}
    evaluator = "tests.searching.evaluating:counted"
    url = f"{server}?application_name=second"
    first = subprocess.Popen(
        [
            sys.executable,
            "-c",
            SEARCH.replace("0.05", "0.3").replace('"trials"', '"seed": 5, "trials"'),
            *[str(tmp_path / "one"), url, "60", str(tmp_path / "tally")],
        ],
        cwd=ROOT,
    )
    try:
        until = time.monotonic() + 60
        while not (tmp_path / "tally").exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        with pytest.raises(SearchError, match=f"E912: .* process {first.pid}"):
            searched(tmp_path / "two", evaluator, storage=url, trials=60, options=options, seed=5)
    finally:
        first.kill()
        first.wait()


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    url = "postgresql+psycopg://me:secret@127.0.0.1:1/nothing"
    with pytest.raises(SearchError, match=r"E913: the storage .* cannot be used") as caught:
        searched(tmp_path / "run", storage=url)
    assert "secret" not in str(caught.value)
