"""Workers find loaded what the module of an evaluator imports; that module is not run before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archdsl.searching.supervising.imports import imported_by

MODULE = """
import json, sys
import filelock, packaging.version
from sqlalchemy import orm
from . import beside
import not_there
import evaluates_at_home

RUN = len(sys.argv)

def late(trial):
    import optuna
"""


def test_installed_packages_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "evaluates_at_home.py").write_text(MODULE, encoding="utf-8")
    found = ("filelock", "packaging", "sqlalchemy")
    assert imported_by("evaluates_at_home:late") == found
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside.py").write_text(MODULE, encoding="utf-8")
    assert imported_by("folder.inside:late") == found
    assert "evaluates_at_home" not in sys.modules


@pytest.mark.parametrize("text", ["import filelock\nnonsense here", "\x00", ""])
def test_what_cannot_be_read_loads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "unreadable_one.py").write_text(text, encoding="utf-8")
    assert imported_by("unreadable_one:f") == ()
    assert imported_by("nowhere.at.all:f") == ()
    assert imported_by("training") == ()


LOOKING = """
import sys
from pathlib import Path
from tests.searching.searches import searched

sys.path.insert(0, sys.argv[1])
folder = Path(sys.argv[1]) / "run"
found = searched(folder, "looks:seen", isolated=True, trials=2)
print(*(trial.metrics["accuracy"] for trial in found.trials))
"""
LOOKS = """
import sys
BEFORE = "filelock" in sys.modules
import filelock

def seen(trial):
    return {"accuracy": BEFORE}
"""


def test_workers_find_them_loaded(tmp_path: Path) -> None:
    (tmp_path / "looks.py").write_text(LOOKS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    told = subprocess.run(
        [sys.executable, "-c", LOOKING, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["1.0", "1.0"]
