"""Completion by the shell, as click's scripts ask for it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from archdsl.ops import catalog
from tests.architecture.sources import ROOT


def ask(instruction: str, *words: str, last: str = "") -> str:
    """What a shell gets that asks how to go on behind some words."""
    line = " ".join(("archdsl", *words, last))
    result = subprocess.run(
        [sys.executable, "-m", "archdsl"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "_ARCHDSL_COMPLETE": instruction,
            "COMP_WORDS": line if instruction != "fish_complete" else " ".join(("archdsl", *words)),
            "COMP_CWORD": last if instruction == "fish_complete" else str(len(words) + 1),
        },
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def offered(*words: str, last: str = "") -> list[str]:
    """The completions that bash gets, with their kinds."""
    return ask("bash_complete", *words, last=last).split()


def test_ops_are_completed():
    words = [f"plain,{word}" for word in catalog.words() if word.startswith("conv")]
    assert offered("ops", last="conv") == words
    assert len(offered("ops")) == len(tuple(catalog.words()))


@pytest.mark.parametrize(
    ("words", "last", "one"),
    [
        ((), "chec", "check"),
        (("check",), "--for", "--format"),
        (("check", "--format"), "js", "json"),
        (("blocks",), "bottle", "bottleneck"),
        (("explain",), "P30", "P301"),
        (("explain",), "e44", "E442"),
        (("explain",), "overc", "overcapacity"),
        (("explain",), "par", "params"),
        (("check", "--select"), "P50", "P501"),
        (("check", "--allow"), "no_base", "no_baseline"),
        (("zoo",), "resnet5", "resnet50"),
        (("show",), "zoo:resnet5", "zoo:resnet50"),
        (("compile",), "zoo:gp", "zoo:gpt2"),
    ],
)
def test_words_are_completed(words, last, one):
    assert f"plain,{one}" in offered(*words, last=last)


@pytest.mark.parametrize("command", ["check", "compile", "show", "fmt", "count", "sample", "best"])
def test_specs_are_files_or_of_the_zoo(command):
    assert offered(command, last="mod") == ["file,mod"]
    assert offered(command, last="zo") == ["file,zo", "plain,zoo:"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script_and_its_answers(shell):
    assert "_ARCHDSL_COMPLETE" in ask(f"{shell}_source")
    assert "conv_transpose" in ask(f"{shell}_complete", "ops", last="conv_t")


def test_completing_says_nothing_of_what_is_unknown():
    assert offered("ops", last="nonsense") == []
