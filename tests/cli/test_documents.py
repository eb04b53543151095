"""``--format json`` gives one JSON document on stdout, whatever happens."""

from __future__ import annotations

import json

import pytest

from archdsl.cli import exits
from archdsl.cli.group import archdsl
from tests.cli.conftest import GOOD, SPACE

UGLY = GOOD.replace(" -> ", "->")
FILES = {
    "unmet.arch": GOOD.replace("  model {", "  require params <= 5\n  model {"),
    "bad.arch": GOOD.replace("relu", "rlu", 1),
    "none.arch": SPACE.replace("<= 500", "<= 5"),
    "blocks.arch": "block two(w) = linear(w) -> linear(w)\n",
    "empty.arch": "",
    "two.arch": GOOD + SPACE,
    "ugly.arch": UGLY,
    "old.py": "x = 1\n",
}
SPECS = ("good", "space", *(name.removesuffix(".arch") for name in FILES if "arch" in name))
ON_A_SPEC = (
    "check",
    "check --checklist",
    "check --diff",
    "check --fix",
    "compile",
    "compile -o out.py",
    "compile -o old.py",
    "compile -o out.py --check",
    "compile --choose x",
    "close",
    "close -o out.arch",
    "close --tell nonsense",
    "close --choose width=16 --choose choice=relu --tell params",
    "count",
    "compare good.arch",
    "count --valid",
    "space",
    "best --by params",
    "best --by nonsense",
    "best",
    "sample",
    "sample -n 3",
    "sample -n 0",
    "sample --start 99",
    "show",
    "show --nonsense",
    "show --arch Small",
    "draw",
    "draw --as html",
    "draw -o out.svg",
    "draw --run x",
    "suggest",
    "search --dry-run",
    "search --trials 0",
    "fmt",
    "fmt --check",
    "fmt --diff",
)
ON_NONE = (
    "ops",
    "ops conv",
    "ops cnv",
    "functions",
    "functions round",
    "grammar",
    "prompt",
    "schema diagnostics",
    "schema",
    "blocks",
    "blocks bottleneck",
    "blocks botleneck",
    "explain",
    "explain P301",
    "explain params",
    "explain nonsense",
    "diagnose --train-acc 0.9 --val-acc 0.8",
    "diagnose --train-acc 0.9",
    "results nowhere",
    "results",
    "zoo",
    "zoo resnet50",
    "zoo resnt50",
    "chek",
)


@pytest.fixture
def specs(folder):
    for name, text in FILES.items():
        (folder / name).write_text(text)


@pytest.mark.parametrize("spec", [*SPECS, "missing"])
@pytest.mark.parametrize("command", ON_A_SPEC)
def test_a_command_on_a_spec_gives_one_document(run, specs, command, spec):
    result = run(*command.split(), f"{spec}.arch", "--format", "json")
    assert result.exit_code in (0, 1, 2, 4), result.stderr
    _one(result)


@pytest.mark.parametrize("command", ON_NONE)
def test_so_does_one_without_a_spec(run, command):
    _one(run(*command.split(), "--format=json"))


def _one(result):
    document = json.loads(result.stdout)
    if isinstance(document, dict) and "checklists" in document:
        document = document["diagnostics"]
    if result.exit_code == exits.USAGE:
        lines = [found for found in document if found["code"] in ("E707", "E901")]
        codes = {exits.of_code(found["code"]) for found in document}
        assert lines or codes == {exits.USAGE}
        assert all(found["message"] in result.stderr for found in lines)


def test_no_command_that_takes_the_option_is_left_out():
    listed = {line.split()[0] for line in (*ON_A_SPEC, *ON_NONE)}
    live = {"verify", "profile", "baselines", "train", "load"}
    for name in archdsl.list_commands(None):
        command = archdsl.get_command(None, name)
        if any("--format" in option.opts for option in command.params) and name not in live:
            assert name in listed


@pytest.mark.parametrize("format", ["json", "sarif"])
def test_a_bug_of_ours_is_a_document_too(run, monkeypatch, format):
    def broken(*arguments):
        raise RuntimeError("oh no")

    monkeypatch.setattr("archdsl.cli.commands.check._done", broken)
    result = run("check", "good.arch", "--format", format)
    assert result.exit_code == exits.BUG
    assert "E902" in json.dumps(json.loads(result.stdout))
    assert "a bug of its own" in result.stderr


def test_a_file_written_is_told_of(run, specs):
    written = json.loads(run("compile", "good.arch", "-o", "out.py", "--format", "json").stdout)
    assert (written["file"], written["state"], written["params"]) == ("out.py", "written", 4986)
    again = json.loads(run("compile", "good.arch", "-o", "out.py", "--format", "json").stdout)
    assert again["state"] == "unchanged"


def test_designs_are_one_list(run):
    result = run("sample", "space.arch", "-n", "3", "--format", "json")
    assert [set(design) for design in json.loads(result.stdout)] == [{"width", "choice"}] * 3


def test_one_bad_path_does_not_drop_the_findings_of_others(run, specs, folder):
    (folder / "none").mkdir()
    paths = ("missing.arch", "bad.arch", "none", "unmet.arch")
    told = run("check", *paths)
    assert told.exit_code == 2
    assert "E202" in told.stderr or "E2" in told.stderr
    assert "`params <= 5` does not hold" in told.stderr
    assert (
        "Error: there are no .arch files in none\n"
        "Error: cannot read missing.arch: no such file or directory\n"
    ) in told.stderr
    codes = [one["code"] for one in json.loads(run("check", *paths, "--format=json").stdout)]
    assert codes[-2:] == ["E707", "E707"]
    assert "E430" in codes


def test_one_bad_path_does_not_keep_others_from_being_formatted(run, specs, folder):
    result = run("fmt", "missing.arch", "ugly.arch")
    assert result.exit_code == 2
    assert (folder / "ugly.arch").read_text() == GOOD
    assert "Error: cannot read missing.arch" in result.stderr


def test_a_good_file_beside_a_bad_path_is_not_said_to_be_all(run):
    result = run("check", "good.arch", "missing.arch")
    assert result.exit_code == 2
    assert "cannot read missing.arch" in result.stderr
