"""archdsl suggest"""

from __future__ import annotations

import json

import archdsl
from tests.cli.conftest import GOOD
from tests.suggesting.test_choices import SPEC as SPACE

DEEP = GOOD.replace("2 * (", "24 * (")


def test_a_rejected_spec_gets_diffs_of_designs_that_pass(run, folder):
    (folder / "deep.arch").write_text(DEEP)
    result = run("suggest", "deep.arch")
    assert result.exit_code == 0
    assert result.stdout.startswith("# ")
    assert "--- deep.arch\n+++ deep.arch\n" in result.stdout
    assert "-    let body = stem -> 24 * (conv(16, 3) -> relu)\n" in result.stdout
    assert "residual(conv(16, 3) -> relu)" in result.stdout


def test_as_many_as_asked_for_are_told_with_their_texts(run):
    result = run("suggest", "-", "-n", "1", "--format", "json", input=DEEP)
    (one,) = json.loads(result.stdout)
    assert archdsl.check(one["text"]).ok
    assert one["params"] == archdsl.compile(one["text"]).params


def test_a_spec_that_passes_needs_none(run):
    result = run("suggest", "good.arch")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing to suggest" in result.stderr


def test_where_nothing_near_passes_that_is_said(run):
    text = "arch A { data image(3, 64, 64) task classify(9) model = flatten -> linear(64) -> relu"
    result = run("suggest", "-", input=f"{text} -> linear(32) -> relu -> linear(classes) }}\n")
    assert result.exit_code == 1
    assert "archdsl new" in result.stderr


def test_a_design_of_a_space_gets_other_designs(run, folder):
    (folder / "choices.arch").write_text(SPACE)
    chosen = ("--choose", "depth=24", "--choose", "choice=relu")
    result = run("suggest", "choices.arch", *chosen)
    assert result.stdout.startswith("# `depth=12` (")
    assert '-  "depth": 24,\n+  "depth": 12,\n' in result.stdout
