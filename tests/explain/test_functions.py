"""Every function of values and every form is told, and does what its example says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import archdsl
from archdsl.cli.group import archdsl as main
from archdsl.evaluate.arithmetic import FUNCTIONS
from archdsl.explain.functions import Function, functions
from archdsl.resolve.scope import SPECIAL
from tests.unjudged import UNJUDGED

GUIDE = Path(__file__).parents[2] / "docs" / "language.md"
GIVEN = {  # what the example of each function comes to where a 24×16×12 image flows in
    "all": "true",
    "any": "true",
    "ceil": "6",
    "floor": "4",
    "len": "3",
    "make_divisible": "40",
    "max": "1",
    "min": "24",
    "not": "false",
    "round": "72",
    "sum": "12",
}


def run(*arguments: str):
    return CliRunner().invoke(main, arguments)


def test_none_is_missing():
    assert functions().keys() == {*FUNCTIONS, *SPECIAL, "none"}


@pytest.mark.parametrize("told", functions().values(), ids=lambda told: told.name)
def test_each_has_a_signature_a_meaning_and_an_example(told: Function):
    assert re.match(rf"{told.name}\b", told.signature)
    assert told.doc.endswith(".")
    assert re.search(rf"\b{told.name}\b", told.example)


@pytest.mark.parametrize("name", functions())
def test_the_guide_shows_each(name: str):
    shown = re.search(
        rf"\b{name}\b" if name == "none" else rf"\b{name}\(", GUIDE.read_text("utf-8")
    )
    assert shown, f"docs/language.md says nothing of {name}"


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - {"size"}))
def test_the_example_of_a_function_comes_to_what_it_should(name: str):
    given = {"true": 1, "false": 2}.get(GIVEN[name], GIVEN[name])
    example = functions()[name].example
    value = f"when({example}, 1, else=2)" if GIVEN[name] in ("true", "false") else example
    text = f"arch A {{ data image(24, 16, 12) model {{ require {value} == {given} return relu }} }}"
    report = archdsl.check(text, terms=UNJUDGED)
    assert report.ok, report
    wrong = archdsl.check(text.replace("==", "!="), terms=UNJUDGED)
    assert [found.code for found in wrong.diagnostics] == ["E430"]


@pytest.mark.parametrize("name", sorted({"size", *(functions().keys() - FUNCTIONS.keys())}))
def test_the_example_of_a_form_is_right(name: str):
    example = functions()[name].example
    layer = f"conv(8, {example})" if name == "size" else example
    text = f"arch A {{ data image(16, 16, 16) model = {layer} }}"
    assert archdsl.check(text, terms=UNJUDGED).ok


def test_they_are_listed_and_told():
    listed = run("functions").stdout
    assert [
        name for name in functions() if not re.search(rf"^  {name} ", listed, re.MULTILINE)
    ] == []
    told = run("functions", "round").stdout
    assert "round(value, multiple)" in told
    entries = json.loads(run("functions", "--format", "json").stdout)
    assert {entry["name"] for entry in entries} == functions().keys()
    assert json.loads(run("functions", "min", "--format", "json").stdout)["family"] == "values"


def test_an_unknown_function_is_guessed():
    result = run("functions", "celi")
    assert result.exit_code == 2
    assert "`ceil`" in result.stderr
