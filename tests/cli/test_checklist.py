"""archdsl check --checklist"""

from __future__ import annotations

import json

import jsonschema

from tests.cli.conftest import GOOD


def test_each_architecture_is_gone_through(run, folder):
    (folder / "two.arch").write_text(GOOD + GOOD.replace("Small", "Other"))
    result = run("check", "--checklist", "two.arch")
    assert result.exit_code == 0
    names = [line for line in result.stdout.splitlines() if line and not line[0].isdigit()]
    assert names == ["Small", "Other"]
    assert result.stdout.count("\n8  baselines                       fail") == 2
    assert "run `archdsl baselines two.arch --arch Small --data D`" in result.stdout


def test_a_rejected_design_fails_a_point_and_its_findings_are_told(run):
    text = GOOD.replace("2 * (", "24 * (")
    result = run("check", "--checklist", "-", input=text)
    assert result.exit_code == 1
    assert "3  skips where it is deep" in result.stdout
    assert "fail" in result.stdout
    assert "error[P301]" in result.stderr


def test_as_json_it_is_the_whole_document(run):
    document = json.loads(run("check", "--checklist", "--format", "json", "good.arch").stdout)
    (listed,) = document["checklists"]
    assert (listed["file"], listed["arch"]) == ("good.arch", "Small")
    assert [answer["point"] for answer in listed["points"]] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_document_of_several_files_has_all_checklists_and_all_findings(run, folder):
    (folder / "same.arch").write_text(GOOD.replace("2 * (", "24 * ("))
    (folder / "bad.arch").write_text("arch A {")
    names = ("good.arch", "same.arch", "bad.arch", "space.arch")
    result = run("check", "--checklist", "--format", "json", *names)
    schema = json.loads(run("schema", "checklist").stdout)
    document = json.loads(result.stdout)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert result.exit_code == 1
    assert [listed["arch"] for listed in document["checklists"]] == ["Small", "Small", "Space"]
    assert {"E102", "P301"} <= {found["code"] for found in document["diagnostics"]}


def test_a_point_with_a_warning_is_shown_as_one(run):
    text = GOOD.replace("2 * (conv(16, 3) -> relu)", "12 * (conv(16, 3) -> relu)")
    result = run("check", "--checklist", "-", input=text)
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("3 ")]
    assert "  warning  " in line
    assert line.endswith("see P301")


def test_it_says_whose_numbers_those_of_a_space_are_and_of_which_file(run):
    result = run("check", "--checklist", "space.arch", "good.arch")
    assert "space.arch: Space (a space: the numbers are of its first design)" in result.stdout
    assert "good.arch: Small\n" in result.stdout


def test_a_space_is_answered_too_and_a_file_in_error_is_not(run, folder):
    assert "pass" in run("check", "--checklist", "space.arch").stdout
    (folder / "bad.arch").write_text("arch A {")
    result = run("check", "--checklist", "bad.arch")
    assert (result.exit_code, result.stdout.strip()) == (1, "")
    assert "E102" in result.stderr
