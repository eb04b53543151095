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
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
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


def in_a_pipe(*arguments: str, **environment: str) -> str:
    """What a command writes to stderr when that is a pipe."""
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    result = subprocess.run(
        [sys.executable, "-m", "archdsl", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**clean, **environment},
    )
    return result.stderr


def test_a_pipe_gets_colours_when_they_are_forced(bad):
    assert "\x1b" not in in_a_pipe("check", "bad.arch")
    assert "\x1b" not in in_a_pipe("check", "bad.arch", FORCE_COLOR="")
    assert "\x1b[31m\x1b[1merror[E401]" in in_a_pipe("check", "bad.arch", FORCE_COLOR="1")


def test_whoever_says_no_wins(bad):
    assert "\x1b" not in in_a_pipe("check", "bad.arch", FORCE_COLOR="1", NO_COLOR="1")
    assert "\x1b" not in in_a_pipe("check", "bad.arch", "--no-color", FORCE_COLOR="1")
