"""Ctrl-C, in processes of their own: quiet, with exit code 130, whenever it comes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from archdsl.cli import exits
from archdsl.cli.interrupts import is_interruption

if TYPE_CHECKING:
    from pathlib import Path

LONG = """\
arch Long {
  data table(8)
  task classify(2)
  model = linear(1 to 2_000) -> linear(1 to 2_000) -> linear(1 to 2_000) -> linear(classes)
}
"""
ARCHDSL = [sys.executable, "-X", "importtime", "-m", "archdsl"]
# Modules on the way of `check`, from the first that the command line imports to the rules.
MOMENTS = (
    "click._compat",
    "click.core",
    "archdsl.cli.group",
    "archdsl.cli.principled",
    "pydantic_core._pydantic_core",
    "archdsl.spec.fields",
    "archdsl.ops.base",
    "archdsl.api",
    "archdsl.examine",
    "archdsl.rules.base",
)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "long.arch"
    path.write_text(LONG)
    return path


def _told(stderr: bytes) -> bytes:
    """What was written besides the times of imports."""
    lines = stderr.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(b"import time:"))


def _started(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*ARCHDSL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interruption_while_a_command_starts_is_quiet(spec, moment):
    with _started("check", spec) as child:
        assert child.stderr is not None
        for line in child.stderr:
            if line.decode().rstrip().endswith(f" {moment}"):
                break
        else:
            pytest.fail(f"{moment} is not on the way of `check`")
        child.send_signal(signal.SIGINT)
        stdout, stderr = child.communicate(timeout=60)
    assert (child.returncode, stdout, _told(stderr).strip()) == (exits.INTERRUPTED, b"", b"")


@pytest.mark.parametrize("after", [0.0, 0.1, 0.4])
@pytest.mark.parametrize("command", ["check", "count"])
def test_an_interruption_while_a_command_works_is_quiet(spec, command, after):
    with _started(command, spec) as child:
        assert child.stderr is not None
        for line in child.stderr:
            if line.decode().rstrip().endswith(" archdsl.cli.options"):
                break
        time.sleep(after)
        child.send_signal(signal.SIGINT)
        _, stderr = child.communicate(timeout=60)
    assert (child.returncode, _told(stderr).strip()) == (exits.INTERRUPTED, b"")


def test_an_interruption_that_is_to_be_ignored_is_ignored(spec):
    spec.write_text("arch A {\n  data table(8)\n  task classify(2)\n  model = linear(classes)\n}\n")
    code = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); "
        "sys.argv = ['archdsl', 'check', sys.argv[1]]; os.kill(os.getpid(), signal.SIGINT); "
        "from archdsl.cli import main; main()"
    )
    ended = subprocess.run([sys.executable, "-c", code, spec], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_an_interruption_while_a_text_is_executed_has_the_same_code():
    code = (
        "import sys; from archdsl.cli import group, interrupts\n"
        "try:\n    exec('raise KeyboardInterrupt')\n"
        "except KeyboardInterrupt:\n    pass\n"
        "try:\n    sys.exit(130)\nfinally:\n    interrupts.end_as_told()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (exits.INTERRUPTED, b"")


def test_an_interruption_that_was_wrapped_is_one():
    wrapped = RuntimeError("calling __set_name__")
    wrapped.__cause__ = KeyboardInterrupt()
    assert is_interruption(wrapped)
    assert not is_interruption(RuntimeError())
    assert not is_interruption(None)
