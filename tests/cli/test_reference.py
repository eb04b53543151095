"""archdsl ops, blocks, grammar and init"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import archdsl
from archdsl.cli.commands.init import STARTER


def test_ops_lists_every_op_below_its_family(run):
    lines = run("ops").stdout.splitlines()
    assert "convolution" in lines
    assert any(line.startswith("  conv ") for line in lines)


def test_an_op_is_told_with_signature_meaning_and_example(run):
    page = run("ops", "conv").stdout
    assert page.startswith("conv(channels, kernel, stride=1,")
    assert "\nexample: conv(" in page
    entry = json.loads(run("ops", "conv", "--format", "json").stdout)
    assert (entry["name"], entry["family"]) == ("conv", "convolution")


def test_blocks_lists_the_library(run):
    assert "\n  bottleneck " in run("blocks").stdout


def test_a_block_is_told_with_its_source(run):
    page = run("blocks", "bottleneck").stdout
    assert page.startswith("bottleneck(width,")
    assert "\nblock bottleneck(width," in page


def test_an_unknown_name_is_guessed(run):
    for command, wrong, right in (("ops", "cnv", "conv"), ("blocks", "botleneck", "bottleneck")):
        result = run(command, wrong)
        assert result.exit_code == 2
        assert f"did you mean `{right}`?" in result.stderr


def test_the_grammar_is_printed_for_two_tools(run):
    lark = run("grammar").stdout
    assert "start: [language] item*" in lark
    assert run("grammar", "--for", "lark").stdout == lark
    assert "%llguidance" in run("grammar", "--for", "llguidance").stdout
    assert json.loads(run("grammar", "--format", "json").stdout) == {
        "for": "lark",
        "closed": False,
        "grammar": lark,
    }


def test_lark_reads_a_file_by_the_grammar_that_is_printed(run, folder):
    (folder / "model.arch").write_text(STARTER)
    read = run("grammar", "--check", "model.arch")
    assert (read.exit_code, read.stdout) == (0, "")
    assert json.loads(run("grammar", "--check", "model.arch", "--format", "json").stdout) == []
    (folder / "means_nothing.arch").write_text("arch A { model = nothing(1) -> 3 }")
    assert run("grammar", "--check", "means_nothing.arch").exit_code == 0


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("arch A {\n  model = conv(8 3)\n}\n", ":2:18"),
        ("arch A {\n  model = conv(8) $\n}\n", ":2:19"),
        ("arch A {\n  model = conv(", ":2:16"),
        ("arch A {\n  model = relu # \0\n}\n", ":2:18"),
        ("arch A {\n  model = relu\n", ":2:15"),
    ],
)
def test_where_lark_stops_is_told(run, folder, text, place):
    (folder / "model.arch").write_text(text)
    stopped = run("grammar", "--check", "model.arch")
    assert (stopped.exit_code, stopped.stdout) == (1, "")
    assert f"model.arch{place}\n" in stopped.stderr
    assert len(json.loads(run("grammar", "--check", "model.arch", "--format", "json").stdout)) == 1


def test_lark_reads_no_file_that_is_not_there_and_no_other_grammar(run, folder):
    (folder / "model.arch").write_text(STARTER)
    assert run("grammar", "--check", "missing.arch").exit_code == 2
    assert run("grammar", "--check", "model.arch", "--for", "llguidance").exit_code == 2


@pytest.mark.parametrize(
    ("command", "loads"),
    [("grammar --check model.arch", True), ("grammar", False), ("check model.arch", False)],
)
def test_lark_is_imported_to_check_by_the_grammar_alone(folder, command, loads):
    (folder / "model.arch").write_text(STARTER)
    code = (
        "import atexit, sys; from archdsl.cli import main;"
        f"sys.argv[1:] = {command.split()!r};"
        "atexit.register(lambda: print('lark' in sys.modules, file=sys.stderr)); main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0
    assert ended.stderr.splitlines()[-1] == str(loads)


def test_init_writes_a_spec_to_start_from(run, folder):
    result = run("init", "new/project")
    assert result.exit_code == 0
    assert (folder / "new/project/model.arch").read_text() == STARTER
    assert run("check", "--strict", "new").exit_code == 0


def test_the_starter_is_in_canonical_layout():
    assert archdsl.format(STARTER) == STARTER


def test_init_overwrites_nothing(run, folder):
    (folder / "model.arch").write_text("mine")
    result = run("init")
    assert (result.exit_code, result.stderr) == (2, "Error: model.arch exists already\n")
    assert (folder / "model.arch").read_text() == "mine"


def test_init_says_why_it_cannot(run, folder):
    (folder / "file").write_text("")
    result = run("init", "file/below")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: cannot create file/below: ")
