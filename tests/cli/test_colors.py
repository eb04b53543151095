"""Colours: on a terminal, unless somebody says no."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest


def on_a_terminal(folder, *arguments: str, **environment: str) -> str:
    """What a command writes to stderr when that is a terminal."""
    ours, theirs = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    subprocess.run(
        [sys.executable, "-m", "archdsl", *arguments],
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        check=False,
        env={**clean, **environment},
    )
    os.close(theirs)
    written = os.read(ours, 65536).decode()
    os.close(ours)
    return written


@pytest.fixture
def bad(folder):
    (folder / "bad.arch").write_text("arch A { data imge(3) }\n")
    return folder


def test_a_terminal_gets_colours(bad):
    assert "\x1b[31m\x1b[1merror[E401]" in on_a_terminal(bad, "check", "bad.arch")


def test_no_color_is_honoured(bad):
    assert "\x1b" not in on_a_terminal(bad, "check", "bad.arch", NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(bad, "check", "--no-color", "bad.arch")
