"""Workers find loaded what the module of an evaluator imports; that module is not run before."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
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


TABLE = """arch Rows {
  data table(4) task classify(2) train adam(epochs=1) maximize accuracy
  model = linear(4 | 8) -> relu -> linear(classes)
}"""
VARIED = """arch Pictures {
  data image(1, 8, 8, augment=strong) task classify(2) train adam(epochs=1) maximize accuracy
  model = conv(4 | 8, 3) -> relu -> global_avg_pool -> linear(classes)
}"""
GRAPH = """arch Nodes {
  data graph(4, nodes=40, edges=80) task classify(2, per=node)
  train adam(epochs=1) maximize accuracy
  model = gcn(4 | 8) -> relu -> linear(classes)
}"""
TRAINING = """
import importlib, sys
import archdsl
from archdsl.api import judging_of, read
from archdsl.searching.asking import Asked, plan_of
from archdsl.searching.candidates import Candidates

spec, data = sys.argv[1:]
judging = judging_of(read(spec), None)
(design,) = archdsl.sample(spec)
loaded = plan_of(judging, Candidates(judging), Asked(data=data)).loaded
for name in ("archdsl.searching.supervising.loaded", *loaded):
    importlib.import_module(name)
before = set(sys.modules)
archdsl.train(spec, data, design=design)
print(*sorted(set(sys.modules) - before))
"""
LATE = 5  # modules of a package that training may still import: small ones


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spec", "needed"), [(TABLE, "torch"), (VARIED, "torchvision"), (GRAPH, "torch_geometric")]
)
def test_what_training_takes_is_loaded_before_the_fork(
    spec: str, needed: str, tmp_path: Path
) -> None:
    if find_spec(needed) is None:
        pytest.skip(f"{needed} is not there")
    chance, y = np.random.default_rng(0), np.arange(40) % 2
    arrays: dict[str, dict[str, Any]] = {
        TABLE: {"X": chance.normal(size=(40, 4))},
        VARIED: {"X": chance.normal(size=(40, 8, 8))},
        GRAPH: {"x": chance.normal(size=(40, 4)), "edge_index": chance.integers(40, size=(2, 80))},
    }
    np.savez(tmp_path / "data.npz", y=y, **arrays[spec])
    script = [sys.executable, "-c", TRAINING, spec, str(tmp_path / "data.npz")]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    late = Counter(name.partition(".")[0] for name in done.stdout.split())
    del late["archdsl"]
    assert all(count <= LATE for count in late.values()), done.stdout
