"""archdsl check --checklist"""

from __future__ import annotations

import json

from tests.cli.conftest import GOOD


def test_each_architecture_is_gone_through(run, folder):
    (folder / "two.arch").write_text(GOOD + GOOD.replace("Small", "Other"))
    result = run("check", "--checklist", "two.arch")
    assert result.exit_code == 0
    names = [line for line in result.stdout.splitlines() if line and not line[0].isdigit()]
    assert names == ["Small", "Other"]
    assert result.stdout.count("\n8  norms, regularisation, a baseline  pass") == 2
    assert "P202 allowed" in result.stdout


def test_a_rejected_design_fails_a_point_and_its_findings_are_told(run):
    text = GOOD.replace("2 * (", "24 * (")
    result = run("check", "--checklist", "-", input=text)
    assert result.exit_code == 1
    assert "3  skips where it is deep" in result.stdout
    assert "fail" in result.stdout
    assert "error[P301]" in result.stderr


def test_as_json_it_is_the_whole_document(run):
    document = json.loads(run("check", "--checklist", "--format", "json", "good.arch").stdout)
    assert [answer["point"] for answer in document["Small"]] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_space_is_answered_too_and_a_file_in_error_is_not(run, folder):
    assert "pass" in run("check", "--checklist", "space.arch").stdout
    (folder / "bad.arch").write_text("arch A {")
    result = run("check", "--checklist", "bad.arch")
    assert (result.exit_code, result.stdout.strip()) == (1, "")
    assert "E102" in result.stderr
