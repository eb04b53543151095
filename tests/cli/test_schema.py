"""archdsl schema, and the documents it describes"""

from __future__ import annotations

import json

import jsonschema
import pytest
from pydantic import ValidationError

from archdsl.catalog import files
from archdsl.cli.console import document
from archdsl.cli.schemas.diagnostics import DOCUMENT
from archdsl.rendering import render
from archdsl.rendering.escape import visible
from tests.rendering.findings import made_up, placeless, real


def findings() -> str:
    return render([*real(), made_up(), placeless()], "json")


def test_the_schema_of_findings_is_one_and_holds_for_real_findings(run):
    schema = json.loads(run("schema", "diagnostics").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(findings()))


def test_the_model_reads_what_is_written_and_writes_it_the_same():
    read = DOCUMENT.validate_json(findings())
    assert json.loads(DOCUMENT.dump_json(read)) == json.loads(findings())


def test_the_schema_says_what_the_numbers_count(run):
    amount = json.loads(run("schema", "diagnostics").stdout)["$defs"]["Amount"]
    for unit in ("bytes", "seconds", "samples a second", "fractions"):
        assert unit in amount["description"]


@pytest.mark.parametrize(
    "broken",
    [
        {"extra": 1},
        {"code": "X1"},
        {"severity": "fatal"},
        {"span": 3},
        {"notes": "n"},
        {"rule": "A b"},
        {"amount": {"measured": 1}},
    ],
)
def test_other_documents_are_refused(broken):
    document = [{**finding, **broken} for finding in json.loads(findings())]
    with pytest.raises(ValidationError):
        DOCUMENT.validate_python(document)


@pytest.mark.parametrize("name", files("archdsl.cli.schemas"))
def test_every_schema_is_one_and_help_tells_of_it(run, name):
    jsonschema.Draft202012Validator.check_schema(json.loads(run("schema", name).stdout))
    assert f"`{name}`:" in run("schema", "--help").stdout


def test_in_a_document_nothing_hides():
    value = {"a": "x\x1b\x7f\u202e\ufeff\n\U000e0001 × …"}
    shown = document(value)
    assert json.loads(shown) == value
    assert visible(shown.replace("\n", "")) == shown.replace("\n", "")
    assert "× …" in shown


def test_an_unknown_document_is_wrong_usage(run):
    assert run("schema", "nonsense").exit_code == 2


def test_sarif_goes_to_stdout_whole(run):
    result = run("check", "--format", "sarif", "-", input="arch A {")
    assert json.loads(result.stdout)["runs"][0]["results"][0]["level"] == "error"
    assert result.stderr == ""


def test_github_annotations_name_the_file(run, folder):
    (folder / "bad.arch").write_text("arch A {")
    assert "::error file=bad.arch,line=1," in run("check", "--format", "github", "bad.arch").stderr


def test_the_schema_of_the_designs_of_a_spec(run, folder):
    (folder / "space.arch").write_text(
        "arch A { data table(9) task regress(1) model = linear(8 | 16) -> relu -> linear(1) }"
    )
    schema = json.loads(run("schema", "--designs", "space.arch").stdout)
    jsonschema.Draft202012Validator(schema).validate({"linear.features": 8})
    assert run("schema").exit_code == 2
    (folder / "wrong.arch").write_text("arch A {")
    wrong = run("schema", "--designs", "wrong.arch")
    assert (wrong.exit_code, "E1" in wrong.stderr) == (1, True)
