"""The wheel alone, in an environment without torch, compiles a spec."""

from __future__ import annotations

import ast
import os
import re
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


def test_the_wheel_carries_the_grammar_the_library_and_the_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "archdsl/_grammar/arch.lark" in names
    assert "archdsl/py.typed" in names
    in_tree = {p.relative_to(ROOT).as_posix() for p in (ROOT / "archdsl").rglob("*.arch")}
    assert in_tree <= set(names)
    zoo = {p.name for p in (ROOT / "specs" / "zoo").glob("*.arch")}
    assert {f"archdsl/_zoo/{name}" for name in zoo} <= set(names)


def test_the_installed_wheel_has_the_zoo(python: Path, tmp_path: Path) -> None:
    archdsl = python.with_name("archdsl")
    assert "25,557,032" in _run(archdsl, "show", "zoo:resnet50", cwd=tmp_path)
    assert "efficientnet_b1" in _run(archdsl, "zoo", cwd=tmp_path)
    _run(archdsl, "check", "zoo:efficientnet_b1", cwd=tmp_path)  # which uses another model's file
    _run(archdsl, "compile", "zoo:gpt2", "-o", tmp_path / "gpt2.py", cwd=tmp_path)


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


def test_the_installed_wheel_says_what_a_module_needs(python: Path, tmp_path: Path) -> None:
    code = """
import archdsl
try:
    archdsl.compile("arch A { data table(8) model = linear(2) }").module()
except ImportError as error:
    print(error)
"""
    told = "a module of `A` needs torch, which is not installed: pip install 'archdsl[torch]'\n"
    assert _run(python, "-c", code, cwd=tmp_path) == told


def test_what_is_published_is_in_order(wheel: Path, tmp_path: Path) -> None:
    build = (sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path)
    _run(*build, ROOT)
    (sdist,) = tmp_path.glob("archdsl-*.tar.gz")
    told = _run(sys.executable, "-m", "twine", "check", "--strict", wheel, sdist)
    assert told.count("PASSED") == 2
    _run(sys.executable, "-m", "check_wheel_contents", wheel)


def test_pipx_runs_it_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    home = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    command = (sys.executable, "-m", "pipx", "run", "--spec", wheel, "archdsl", "check", "zoo:gcn")
    assert "1 spec without errors" in _run(*command, cwd=tmp_path, **home)


CONSUMER = """
from pathlib import Path
import archdsl

report: archdsl.Report = archdsl.check(Path("model.arch"), root="specs")
fix: archdsl.Fix | None = report.diagnostics[0].fix
numbers: int = archdsl.compile("…").params + archdsl.count("…").high
rows: list[str] = [row.layer for row in archdsl.show("…").layers]
designs: list[dict[str, object]] = archdsl.sample("…", 2)
reveal_type(archdsl.suggest("…").suggestions)
archdsl.check(3)
"""


def test_type_checkers_see_the_types_of_the_installed_wheel(python: Path, tmp_path: Path) -> None:
    (tmp_path / "consumer.py").write_text(CONSUMER, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python)]
    result = subprocess.run(
        [*command, "consumer.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "archdsl.suggesting.search.Suggestion" in result.stdout
    ((line, told),) = re.findall(r"consumer.py:(\d+): error: (.*)", result.stdout)
    assert CONSUMER.splitlines()[int(line) - 1] == "archdsl.check(3)"
    assert 'Argument 1 to "check" has incompatible type' in told


def _run(*command: str | Path, cwd: Path = ROOT, **settings: str) -> str:
    """What a command writes, with the checkout kept out of the child's import path; ``settings``
    are further variables of its environment."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | settings
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + (result.stderr if settings else "")
