"""archdsl check --watch"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from archdsl.cli import exits
from archdsl.cli.watching import _matters
from tests.cli.conftest import GOOD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USING = 'use "parts/blocks.arch"\n' + GOOD.replace("2 * (conv(16, 3) -> relu)", "stack()")
WAITING = "waiting for changes"


@pytest.fixture
def watching(folder: Path) -> Iterator[subprocess.Popen[str]]:
    (folder / "parts").mkdir()
    (folder / "parts" / "blocks.arch").write_text("block stack() = conv(16, 3) -> relu\n")
    (folder / "using.arch").write_text(USING)
    command = [sys.executable, "-m", "archdsl", "check", "--watch", "using.arch"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # children heed it, too
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder, env=env)
    try:
        yield child
    finally:
        signal.signal(signal.SIGINT, before)
        child.kill()
        child.wait()
        assert child.stderr is not None
        child.stderr.close()


def _until_it_waits(child: subprocess.Popen[str]) -> str:
    told = ""
    assert child.stderr is not None
    for line in child.stderr:
        if WAITING in line:
            return told
        told += line
    raise AssertionError(told)


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_it_checks_again_after_each_change(watching, folder):
    assert "1 spec without errors" in _until_it_waits(watching)
    (folder / "using.arch").write_text(USING.replace("linear(classes)", "linear(3)"))
    assert "E442" in _until_it_waits(watching)
    (folder / "using.arch").unlink()
    assert "cannot read using.arch" in _until_it_waits(watching)
    (folder / "using.arch").write_text(USING)
    assert "1 spec without errors" in _until_it_waits(watching)
    (folder / "parts" / "blocks.arch").write_text("block stack() = conv(8, 3) -> relu\n")
    assert "E301" in _until_it_waits(watching)
    watching.send_signal(signal.SIGINT)
    watching.wait(30)
    assert watching.returncode == exits.ERRORS


def test_specs_and_settings_matter():
    seen = ["a/model.arch", "pyproject.toml", "a/model.py", "a/model.arch~", "b.toml"]
    assert [_matters(None, path) for path in seen] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("-",), "stdin is read once"), (("--format", "json"), "not with --format json")],
)
def test_what_cannot_be_done_again_is_refused(run, arguments, told):
    result = run("check", "--watch", *arguments)
    assert result.exit_code == exits.USAGE
    assert told in result.stderr + result.stdout


def test_where_watchfiles_is_missing_it_is_said(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    result = run("check", "--watch", "good.arch")
    assert result.exit_code == exits.USAGE
    assert "pip install 'archdsl[watch]'" in result.stderr
