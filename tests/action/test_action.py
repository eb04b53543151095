"""The GitHub action: its steps, run as the shell of a runner runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import GOOD

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
INPUT = re.compile(r"\$\{\{ inputs\.(\w+) \}\}")


def _step(name: str) -> dict:
    (step,) = (one for one in ACTION["runs"]["steps"] if one.get("name") == name)
    return step


def _run(name: str, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """A step with some inputs, the others as they are by default; `python` is the tests' own."""
    told = {key: one["default"] for key, one in ACTION["inputs"].items()} | inputs
    step = _step(name)
    values = {key: INPUT.sub(lambda m: told[m[1]], text) for key, text in step["env"].items()}
    shims = folder / "shims"
    shims.mkdir(exist_ok=True)
    if not (shims / "python").exists():
        (shims / "python").symlink_to(sys.executable)
    path = os.pathsep.join((str(shims), os.environ["PATH"]))
    env = {**os.environ, "PYTHONPATH": str(ROOT), **values, "PATH": path}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    (tmp_path / "good.arch").write_text(GOOD)
    (tmp_path / "bad model.arch").write_text(GOOD.replace("linear(classes)", "linear(3)"))
    return tmp_path


def test_findings_are_annotations_at_their_lines(specs):
    done = _run("Check", specs)
    assert done.returncode == 1
    assert "::error file=bad model.arch,line=8" in done.stdout + done.stderr


def test_paths_and_arguments_are_taken_apart(specs):
    done = _run("Check", specs, paths="good.arch good.arch", arguments="--strict --ignore P2")
    assert (done.returncode, "::error" in done.stderr) == (0, False)


@pytest.mark.parametrize(
    "evil", ["$(touch evil)", "; touch evil", "`touch evil`", "--fix; touch evil"]
)
def test_what_is_written_there_is_not_run(specs, evil):
    for name in ("paths", "arguments"):
        _run("Check", specs, **{name: evil})
    assert not (specs / "evil").exists()


def test_every_input_is_used_and_told(specs):
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "command_line.md").read_text(encoding="utf-8")
    for name in ACTION["inputs"]:
        assert f"inputs.{name} }}}}" in text
        assert f"| `{name}` |" in page
