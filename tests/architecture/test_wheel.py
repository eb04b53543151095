"""The wheel alone, in an environment without torch, compiles a spec."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import venv
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.architecture.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (path,) = folder.glob("archdsl-*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    _run(python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel)
    return python


def test_the_wheel_carries_the_grammar_and_the_library(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "archdsl/_grammar/arch.lark" in names
    in_tree = {p.relative_to(ROOT).as_posix() for p in (ROOT / "archdsl").rglob("*.arch")}
    assert in_tree <= set(names)


def test_the_wheel_needs_neither_torch_nor_numpy(python: Path) -> None:
    listing = _run(python, "-m", "pip", "list", "--format=freeze")
    installed = {line.split("==")[0].lower() for line in listing.splitlines()}
    assert {"archdsl", "lark", "pydantic", "click"} <= installed
    assert not installed & {"torch", "numpy", "torch-geometric"}


def test_the_installed_wheel_compiles_resnet50(python: Path, tmp_path: Path) -> None:
    (spec,) = (ROOT / "specs" / "zoo").rglob("resnet50.arch")
    archdsl = python.with_name("archdsl")
    _run(archdsl, "check", spec, cwd=tmp_path)
    _run(archdsl, "compile", spec, "-o", tmp_path / "resnet50.py", cwd=tmp_path)
    tree = ast.parse((tmp_path / "resnet50.py").read_text(encoding="utf-8"))
    assert any(isinstance(node, ast.ClassDef) for node in tree.body)


def _run(*command: str | Path, cwd: Path = ROOT) -> str:
    """A command's output, with the checkout kept out of the child's import path."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout
