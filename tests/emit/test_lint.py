"""Emitted text is clean under the default formatter, a wide linter and the type checker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archdsl.emit.pytorch import emit
from tests.emit.graphs import NAMES, graph

CACHE = Path(__file__).parents[2] / ".mypy_cache" / "emitted"
COMMANDS = {
    "format": ["ruff", "format", "--isolated", "--diff"],
    "lint": ["ruff", "check", "--isolated", "--select", "E,F,W,I,UP,B,SIM,C4,RET501,RUF"],
    "types": [
        "mypy",
        "--config-file=",
        f"--cache-dir={CACHE}",
        "--ignore-missing-imports",
        "--check-untyped-defs",
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root: Path = tmp_path_factory.mktemp("emitted")
    for name in NAMES:
        (root / f"{name}.py").write_text(emit(graph(name)), encoding="utf-8")
    return root


@pytest.mark.timeout(600)  # the type checker reads all of torch when its cache is cold
@pytest.mark.parametrize("what", ["format", "lint", pytest.param("types", marks=pytest.mark.slow)])
def test_emitted_text_is_clean(what: str, folder: Path) -> None:
    files = sorted(str(path.name) for path in folder.glob("*.py"))
    command = [sys.executable, "-m", *COMMANDS[what], *files]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
