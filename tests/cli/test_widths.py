"""What is for people fits into the terminal: 80 columns are enough to read it.

UPDATE_SNAPSHOTS=1 writes the snapshots anew; read what changed."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from archdsl.rendering.escape import width
from tests.architecture.sources import ROOT
from tests.cli.conftest import GOOD

SNAPSHOTS = Path(__file__).parent / "snapshots"
PICTURES = """\
arch Pictures {
  data  image(3, 32, 32, samples=50_000)
  task  classify(10)
  model = flatten -> linear(32 | 64) -> relu -> linear(64) -> relu -> linear(64) -> linear(classes)
}
"""
TABLE = """\
arch Table {
  data  table(13)
  task  classify(3)
  train adamw(epochs=1)
  model = linear(8) -> relu -> linear(classes)
}
"""
SHOWN = {
    "show": ("show", "resnet50.arch"),
    "show_deep": ("show", "bert_base.arch", "--depth", "3"),
    "check": ("check", "pictures.arch", "bert_base.arch"),
    "checklist": ("check", "--checklist", "resnet50.arch"),
    "ops": ("ops",),
    "op": ("ops", "conv"),
}
ALSO = (
    ("blocks",),
    ("explain",),
    ("explain", "P301"),
    ("explain", "E301"),
    ("explain", "latency"),
    ("space", "pictures.arch"),
    ("diagnose", "--train-acc", "0.99", "--val-acc", "0.8"),
    ("verify", "small.arch"),
    ("profile", "small.arch", "--steps", "1"),
    ("baselines", "table.arch", "--data", "sklearn:wine", "--seeds", "1", "--seconds", "1"),
    ("train", "table.arch", "--data", "sklearn:wine", "-o", "kept", "-q"),
    ("zoo",),
    ("--help",),
    ("check", "--help"),
)


def in_a_terminal(folder: Path, *arguments: str, columns: int = 80, **environment: str) -> str:
    """What a person sees who runs a command in a terminal of so many columns."""
    return python_in_a_terminal(folder, "-m", "archdsl", *arguments, columns=columns, **environment)


def python_in_a_terminal(
    folder: Path, *arguments: str, columns: int = 80, **environment: str
) -> str:
    """What a person sees who runs Python in a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        stdout=theirs,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
        env={**clean, "NO_COLOR": "1", "PYTHONPATH": str(ROOT), **environment},
    )
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # so Linux tells that the other end was closed
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    process.wait()
    return b"".join(parts).decode().replace("\r\n", "\n")


@pytest.fixture(scope="module")
def specs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("specs")
    for name in ("resnet50", "bert_base"):
        text = (ROOT / "specs" / "zoo" / f"{name}.arch").read_text(encoding="utf-8")
        (folder / f"{name}.arch").write_text(text, encoding="utf-8")
    (folder / "pictures.arch").write_text(PICTURES)
    (folder / "small.arch").write_text(GOOD)
    (folder / "table.arch").write_text(TABLE)
    return folder


def _widest(text: str) -> int:
    return max(width(line) for line in text.split("\n"))


@pytest.mark.parametrize("name", SHOWN)
def test_in_80_columns_it_looks_so(specs, name):
    seen = in_a_terminal(specs, *SHOWN[name])
    assert _widest(seen) <= 80
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.write_text(seen, encoding="utf-8")
    assert seen == file.read_text(encoding="utf-8")


def test_no_snapshot_is_of_nothing():
    assert {file.stem for file in SNAPSHOTS.iterdir()} == SHOWN.keys()


IN_ONE_PROCESS = f"""
from archdsl.cli.group import archdsl
for number, arguments in enumerate({ALSO!r}):
    print("command", number, flush=True)
    try:
        archdsl(arguments, prog_name="archdsl")
    except SystemExit as ended:
        print("ended with", ended.code, flush=True)
"""


@pytest.mark.slow
def test_all_else_fits_too(specs):
    """All of them in one process: what takes long is to import torch."""
    seen = python_in_a_terminal(specs, "-c", IN_ONE_PROCESS)
    shown = re.split(r"(?m)^command \d+\n", seen)[1:]
    assert len(shown) == len(ALSO)
    for arguments, text in zip(ALSO, shown, strict=True):
        assert (arguments, _widest(text) <= 80) == (arguments, True), text
        assert re.search(r"\S.*\nended with [01]\n$", text, re.DOTALL), (arguments, text)


@pytest.mark.parametrize("columns", [60, 100])
def test_the_terminal_says_how_wide_it_is(specs, columns):
    seen = in_a_terminal(specs, "ops", columns=columns)
    assert columns - 12 < _widest(seen) <= columns


def test_columns_wins_over_the_terminal(specs):
    assert 50 < _widest(in_a_terminal(specs, "ops", columns=200, COLUMNS="70")) <= 70


def test_nothing_of_a_table_is_lost_where_there_is_little_room(specs):
    narrow, wide = (
        in_a_terminal(specs, "show", "resnet50.arch", columns=columns) for columns in (80, 250)
    )
    assert _words(narrow) == _words(wide)


def _words(text: str) -> list[str]:
    table = text.partition("warning[")[0]
    return sorted(re.sub("[─\n ]", "", table))


def test_lines_for_other_programs_stay_whole(run):
    lines = run("ops").stdout.splitlines()
    assert max(map(len, lines)) > 100
    assert sum("Clevert et al. 2015" in line and "elu" in line for line in lines) == 1


def test_a_label_stands_below_its_marks_where_there_is_no_room_behind_them(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    text = f"arch A {{\n  data table(3)\n  model = {'relu -> ' * 5}conv(4, 3)\n}}\n"
    told = run("check", "-", input=text).stderr
    assert max(map(width, told.splitlines())) <= 60
    assert "conv(4, 3)" in told
