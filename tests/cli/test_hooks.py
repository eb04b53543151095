"""The hooks of .pre-commit-hooks.yaml run as pre-commit runs them: the entry with files behind."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import pytest
import yaml

from tests.architecture.sources import ROOT
from tests.cli.conftest import GOOD

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
NEEDED = {"id", "name", "description", "entry", "language", "files"}


def hook(entry: str, *files: str) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(entry)
    assert program == "archdsl"  # the script that the package installs
    return subprocess.run(
        [sys.executable, "-m", "archdsl", *arguments, *files],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.parametrize("found", HOOKS, ids=lambda found: found["id"])
def test_a_hook_passes_what_is_good_and_is_for_specs_alone(folder, found):
    assert found.keys() == NEEDED
    assert found["language"] == "python"
    assert re.search(found["files"], "specs/model.arch")
    assert not re.search(found["files"], "model.archive")
    (folder / "lib.arch").write_text("block two(w) = linear(w) -> linear(w)\n")
    result = hook(found["entry"], "good.arch", "lib.arch")
    assert result.returncode == 0, result.stderr


def test_the_check_fails_for_a_mistake(folder):
    (entry,) = (found["entry"] for found in HOOKS if found["id"] == "archdsl-check")
    (folder / "bad.arch").write_text(GOOD.replace("relu", "rlu", 1))
    assert hook(entry, "good.arch", "bad.arch").returncode == 1


def test_the_formatter_changes_files_which_is_how_pre_commit_sees_a_failure(folder):
    (entry,) = (found["entry"] for found in HOOKS if found["id"] == "archdsl-fmt")
    (folder / "ugly.arch").write_text(GOOD.replace(" -> ", "->"))
    assert hook(entry, "ugly.arch").returncode == 0
    assert (folder / "ugly.arch").read_text() == GOOD
