"""archdsl suggest"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import archdsl
from tests.cli.conftest import GOOD
from tests.suggesting.test_choices import SPEC as SPACE

ANTIPATTERNS = Path(__file__).parents[2] / "specs" / "antipatterns"
WRONG = [path for path in sorted(ANTIPATTERNS.glob("*.arch")) if "right" not in path.stem]
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
    document = json.loads(result.stdout)
    schema = json.loads(run("schema", "suggestions").stdout)
    jsonschema.Draft202012Validator(schema).validate(document)
    (one,) = document
    assert archdsl.check(one["text"]).ok
    assert one["params"] == archdsl.compile(one["text"]).params


def test_a_spec_that_passes_needs_none(run):
    result = run("suggest", "good.arch")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing to suggest" in result.stderr


def test_for_programs_that_is_an_empty_list(run):
    assert json.loads(run("suggest", "good.arch", "--format", "json").stdout) == []


def test_what_does_not_load_is_told_with_why(run):
    result = run("suggest", "-", input=GOOD.replace("relu", "nothing_like_it"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[E201]" in result.stderr
    assert "put right what is said above" in result.stderr


def test_a_misspelt_word_is_put_right(run):
    result = run("suggest", "-", input=GOOD.replace("relu", "rlu"))
    assert result.exit_code == 0
    assert "write `relu`" in result.stdout


def test_an_architecture_that_is_not_there_is_an_error(run):
    result = run("suggest", "good.arch", "--arch", "Nope")
    assert result.exit_code == 1
    assert "Nope" in result.stderr


@pytest.mark.slow
def test_each_rejected_architecture_gets_its_own(run, folder):
    other = DEEP.replace("Small", "Other").replace("24 * (", "30 * (")
    (folder / "three.arch").write_text(DEEP + GOOD.replace("Small", "Fine") + other)
    result = run("suggest", "three.arch", "-n", "1")
    heads = [line.split()[1] for line in result.stdout.splitlines() if line.startswith("# ")]
    assert heads == ["Small:", "Other:"]
    one = run("suggest", "three.arch", "-n", "1", "--arch", "Other", "--format", "json")
    assert [found["arch"] for found in json.loads(one.stdout)] == ["Other"]
    assert "nothing to suggest" in run("suggest", "three.arch", "--arch", "Fine").stderr


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_each_wrong_design_gets_one_that_passes(run, path):
    found = json.loads(run("suggest", str(path), "--format", "json").stdout)
    assert found
    for one in found:
        assert archdsl.check(one["text"]).ok


def test_where_nothing_near_passes_that_is_said(run):
    text = "arch A { data image(3, 64, 64) task classify(9) model = flatten -> linear(64) -> relu"
    result = run("suggest", "-", input=f"{text} -> linear(32) -> relu -> linear(classes) }}\n")
    assert result.exit_code == 1
    assert "archdsl new" in result.stderr


def test_a_design_of_a_space_gets_other_designs(run, folder):
    (folder / "choices.arch").write_text(SPACE)
    chosen = ("--choose", "depth=24", "--choose", "choice=relu")
    result = run("suggest", "choices.arch", *chosen)
    assert result.stdout.startswith("# Net: `depth=12` (")
    assert '-  "depth": 24,\n+  "depth": 12,\n' in result.stdout


def test_a_design_whose_neighbours_fail_too_is_told_with_why(run, folder):
    (folder / "choices.arch").write_text(SPACE)
    chosen = ("--choose", "depth=24", "--choose", "choice=relu", "--select", "P501")
    assert "nothing to suggest" in run("suggest", "choices.arch", *chosen).stderr
    (folder / "none.arch").write_text(SPACE.replace("  model", "  require params <= 10\n  model"))
    result = run("suggest", "none.arch", *chosen[:4])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[E430]" in result.stderr
    assert "no other value of one choice alone" in result.stderr
