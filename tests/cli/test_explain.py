"""archdsl explain"""

from __future__ import annotations

import json

import pytest


def test_all_rules_and_codes_are_listed(run):
    lines = run("explain").stdout.splitlines()
    assert any(line.startswith("P301  deep_plain_network ") for line in lines)
    assert any(line.startswith("E442 ") for line in lines)


@pytest.mark.parametrize("name", ["P301", "p301", "deep_plain_network"])
def test_a_rule_is_told_by_code_and_by_slug(run, name):
    page = run("explain", name).stdout
    assert page.startswith("P301 deep_plain_network: Deep networks need paths")
    for part in ("What:", "Why:", "Evidence:", "Example:", "Instead:"):
        assert f"\n{part}" in page
    assert "\nwarning = 10\n" in page
    assert 'allow deep_plain_network because "…"' in page


def test_thresholds_are_those_of_the_project(run, folder):
    text = "[tool.archdsl.rules.deep_plain_network]\nwarning = 12\n"
    (folder / "pyproject.toml").write_text(text)
    assert "warning = 12 (ships as 10)" in run("explain", "P301").stdout
    (entry, *_) = json.loads(run("explain", "P301", "--format", "json").stdout)["thresholds"]
    assert entry == {"name": "warning", "ships": 10, "set": 12}


def test_an_error_code_is_told_with_its_example(run):
    page = run("explain", "e442").stdout
    assert page.startswith("E442: the output is not what the task needs\n")
    assert "model = linear(3)" in page
    assert json.loads(run("explain", "E442", "--format", "json").stdout)["code"] == "E442"


def test_a_metric_is_told(run):
    page = run("explain", "latency").stdout
    assert page.startswith("latency(DEVICE, batch=): Seconds of one forward pass of a batch")
    document = json.loads(run("explain", "latency", "--format", "json").stdout)
    assert (document["metric"], document["unit"]) == ("latency", "seconds")
    assert "`latency`" in run("explain", "latnecy").stderr


def test_the_beginning_of_codes_lists_those(run):
    lines = run("explain", "p3").stdout.splitlines()
    assert lines
    assert all(line.startswith("P3") for line in lines)
    codes = [
        entry["code"] for entry in json.loads(run("explain", "E80", "--format", "json").stdout)
    ]
    assert codes == ["E801"]


def test_a_rule_that_the_project_leaves_out_says_so(run, folder):
    assert "leave it out" not in run("explain", "P301").stdout
    (folder / "pyproject.toml").write_text('[tool.archdsl]\nignore = ["P3"]\n')
    assert "The settings of this project leave it out" in run("explain", "P301").stdout


def test_a_name_is_echoed_without_what_acts(run):
    assert "`\\x1b[31m`" in run("explain", "\x1b[31m").stderr


def test_an_unknown_name_is_guessed(run):
    result = run("explain", "deep_plan_network")
    assert result.exit_code == 2
    assert "did you mean `deep_plain_network`?" in result.stderr
