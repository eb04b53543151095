"""Imports of .arch files."""

from __future__ import annotations

import importlib
import sys

import pytest

import archdsl
from archdsl.importer import ArchFinder
from tests.cli.conftest import GOOD, SPACE


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder on the path with models/small.arch, and the importer installed."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "small.arch").write_text(GOOD)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    before = set(sys.modules)
    archdsl.install_importer()
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("models"):
            del sys.modules[name]


def test_a_spec_is_a_module_of_its_classes(project):
    torch = pytest.importorskip("torch")
    small = importlib.import_module("models.small")
    assert small.__file__ == str(project / "models" / "small.arch")
    model = small.Small()
    assert model(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


def test_installing_twice_changes_nothing(project):
    archdsl.install_importer()
    assert sum(isinstance(finder, ArchFinder) for finder in sys.meta_path) == 1


def test_a_python_file_wins(project):
    (project / "models" / "small.py").write_text("mine = 1\n")
    importlib.invalidate_caches()
    assert importlib.import_module("models.small").mine == 1


def test_a_module_that_is_not_there_stays_missing(project):
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("models.large")


@pytest.mark.parametrize(
    "text", [SPACE, "arch A {", GOOD.replace("relu", "rlu"), "block b() = relu"]
)
def test_a_spec_that_does_not_compile_is_an_import_error_with_the_findings(project, text):
    (project / "models" / "bad.arch").write_text(text)
    importlib.invalidate_caches()
    with pytest.raises(ImportError, match=r"does not compile\nerror\[E") as caught:
        importlib.import_module("models.bad")
    assert caught.value.path == str(project / "models" / "bad.arch")


def test_every_architecture_of_a_file_is_there(project):
    pytest.importorskip("torch")
    (project / "models" / "two.arch").write_text(GOOD + GOOD.replace("Small", "Other"))
    importlib.invalidate_caches()
    two = importlib.import_module("models.two")
    assert two.Small is not two.Other
