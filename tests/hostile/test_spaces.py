"""Whatever is asked of a space takes 10 s of CPU and 1 GB at most, and ends as it should; where
others share the cores, 16 s."""

from __future__ import annotations

import pytest

from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.hostile.children import Ended, archdsl
from tests.hostile.spaces import LETTERS, LINES, SPACES
from tests.thinning import thinned

GIGABYTE = 1_000_000_000
CODES = (0, 1, 2, 4)
NEVER = ("Traceback", "RecursionError", "MemoryError", "bug of its own")
COMMANDS = {
    "check": ("--format", "concise"),
    "fmt": ("--check",),
    "show": (),
    "count": (),
    "space": (),
    "best": ("--by", "params", "-n", "3"),
    "sample": ("-n", "5"),
    "compile": (),
}
QUICK = (
    "three wide merges",
    "lets read nowhere",
    "22 bits in one argument",
    "recursion that choices end",
    "two shared blocks called 1,000 times",
    "a hierarchy",
    "all refused",
    "one in a million",
)
OTHERS = [name for name in SPACES if name not in QUICK]
EXPLORING = ("count", "check")  # what every space is held to


def _ends_well(name: str, command: str, folder) -> Ended:
    (folder / "spec.arch").write_text(SPACES[name], encoding="utf-8")
    ended = archdsl(command, "spec.arch", *COMMANDS[command], folder=folder, most=GIGABYTE)
    assert ended.code in CODES, ended.written[-500:]
    assert not any(word in ended.written for word in NEVER), ended.written[-500:]
    return ended


def test_they_are_no_longer_than_said():
    for name, text in SPACES.items():
        lines = text.splitlines()
        assert len(lines) <= LINES, name
        assert max(map(len, lines)) <= LETTERS, name


@pytest.mark.parametrize("name", QUICK)
def test_counting_keeps_to_its_limits(name, tmp_path):
    _ends_well(name, "count", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("command", thinned(COMMANDS, 4))
@pytest.mark.parametrize("name", QUICK)
def test_every_command_keeps_to_its_limits(name, command, tmp_path):
    _ends_well(name, command, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("command", EXPLORING)
@pytest.mark.parametrize("name", thinned(OTHERS, 8))
def test_every_space_keeps_to_its_limits(name, command, tmp_path):
    _ends_well(name, command, tmp_path)


def test_they_are_what_they_are_meant_to_be():
    """No space asks for nothing because it is written wrongly."""
    for name, text in SPACES.items():
        found = load(Source(text)).program()
        assert found.name == "S", name
