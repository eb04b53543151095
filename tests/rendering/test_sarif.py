"""SARIF 2.1.0. No package of Python ships the official schema: what archdsl uses of it is written
out in sarif_subset.json from the standard, stricter than the original in that nothing else may be
there."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import archdsl
from archdsl.diagnostics import Diagnostic, Fix
from archdsl.explain.errors import pages
from archdsl.rendering import render
from archdsl.source import Source, Span
from tests.rendering.findings import made_up, placeless, real

SUBSET = json.loads((Path(__file__).parent / "sarif_subset.json").read_text(encoding="utf-8"))


def log(findings) -> dict:
    document = json.loads(render(findings, "sarif"))
    jsonschema.Draft202012Validator(SUBSET).validate(document)
    return document


def test_the_subset_is_a_schema_itself():
    jsonschema.Draft202012Validator.check_schema(SUBSET)


def test_every_finding_is_valid():
    log([*real(), made_up(), placeless()])


@pytest.mark.parametrize("page", pages().values(), ids=lambda page: page.code)
def test_what_a_page_shows_is_valid(page):
    log(archdsl.check(page.spec, name="a.arch").diagnostics)


def test_no_findings_are_a_run_without_results():
    (run,) = log([])["runs"]
    assert run["results"] == []
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("archdsl", archdsl.__version__)


def test_a_result_points_at_its_rule_and_its_place():
    (run,) = log([placeless(), made_up()])["runs"]
    _, result = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "W999"
    assert result["level"] == "warning"
    (location,) = result["locations"]
    region = {"startLine": 1, "startColumn": 6, "endLine": 2, "endColumn": 4}
    assert location["physicalLocation"]["region"] == region
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "odd%3A%2050%25%2C%1B%5B31m%0Aname.arch"


def test_a_result_has_the_rule_and_its_numbers_as_properties():
    (run,) = log([placeless(), made_up()])["runs"]
    plain, whole = run["results"]
    amount = {"measured": 0.75, "threshold": 0.5}
    assert whole["properties"] == {"rule": "wrong_thing", "amount": amount}
    assert "properties" not in plain


def test_a_fix_is_replacements_that_can_be_applied():
    (run,) = log([made_up()])["runs"]
    (fix,) = run["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    assert [part["insertedContent"]["text"] for part in change["replacements"]] == ["new\n", "x"]


def test_a_fix_that_changes_the_meaning_says_so():
    unsafe = Diagnostic("E999", "wrong", fix=Fix("turn it", made_up().fix.edits))
    (run,) = log([made_up(), unsafe])["runs"]
    titles = [result["fixes"][0]["description"]["text"] for result in run["results"]]
    assert titles == ["replace", "turn it (changes what the spec means)"]


def test_columns_count_what_sarif_counts():
    source = Source("é 🙂 wrong\n", "a.arch")
    (run,) = log([Diagnostic("E999", "wrong", Span(source, 4, 9))])["runs"]
    assert run["columnKind"] == "utf16CodeUnits"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (6, 11)


def test_a_whole_path_is_a_whole_uri():
    source = Source("x", "/tmp/a b.arch")
    (run,) = log([Diagnostic("E999", "wrong", Span(source, 0, 1))])["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "file:///tmp/a%20b.arch"


def test_rules_are_described_as_explain_tells_them():
    (run,) = log(real())["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["P301"]["name"] == "DeepPlainNetwork"
    assert rules["P301"]["shortDescription"]["text"].startswith("Deep networks need")
    assert "Evidence:" in rules["P301"]["fullDescription"]["text"]
    assert rules["E442"]["shortDescription"]["text"] == pages()["E442"].title


def test_messages_hold_no_character_that_acts():
    assert "\\u001b" not in render([made_up()], "sarif").split('"artifactChanges"')[0]
