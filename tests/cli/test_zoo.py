"""archdsl zoo, and zoo:NAME wherever a spec is"""

from __future__ import annotations

import json

import pytest

from tests.architecture.sources import ROOT

RESNET = ROOT / "specs" / "zoo" / "resnet50.arch"


def test_the_zoo_is_listed(run):
    result = run("zoo")
    names = {path.stem for path in (ROOT / "specs" / "zoo").glob("*.arch")}
    assert {line.split()[0] for line in result.stdout.splitlines()} == names
    assert "Deep Residual Learning for Image Recognition" in result.stdout
    listed = json.loads(run("zoo", "--format", "json").stdout)
    assert {one["name"] for one in listed} == names
    assert all(one["doc"] for one in listed)


@pytest.mark.parametrize("name", ["resnet50", "zoo:resnet50"])
def test_a_model_is_printed(run, name):
    assert run("zoo", name).stdout == RESNET.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    ["show", "check", "compile", "count", "space", "sample", "best --by params", "suggest"],
)
def test_commands_take_it_by_name(run, command):
    here = run(*command.split(), "zoo:resnet50")
    there = run(*command.split(), str(RESNET))
    assert here.exit_code == there.exit_code == 0
    assert (here.stdout, here.stderr) == (there.stdout, there.stderr)


def test_a_model_that_uses_the_file_of_another_compiles(run):
    assert run("compile", "zoo:efficientnet_b1").exit_code == 0


@pytest.mark.parametrize("command", ["show", "check", "compile", "zoo"])
def test_another_name_is_wrong_usage_with_a_guess(run, command):
    name = "resnt50" if command == "zoo" else "zoo:resnt50"
    result = run(command, name)
    assert result.exit_code == 2
    told = "Error: there is no model `resnt50` in the zoo; did you mean `resnet50`?\n"
    assert result.stderr == told


def test_it_is_compiled_into_a_folder_under_its_name(run, folder):
    assert run("compile", "zoo:resnet50", "zoo:gpt2", "--out-dir", "out").exit_code == 0
    assert {path.name for path in (folder / "out").iterdir()} == {"resnet50.py", "gpt2.py"}


def test_the_zoo_is_not_written_to(run, folder, monkeypatch):
    (folder / "ugly.arch").write_text(RESNET.read_text(encoding="utf-8").replace(" -> ", "->"))
    monkeypatch.setattr("archdsl.cli.zoo.models", lambda: {"ugly": folder / "ugly.arch"})
    before = (folder / "ugly.arch").read_text(encoding="utf-8")
    result = run("fmt", "zoo:ugly")
    assert result.exit_code == 2
    assert "zoo:ugly stays as it is; `archdsl zoo ugly > ugly.arch` gives you a copy" in (
        result.stderr
    )
    assert (folder / "ugly.arch").read_text(encoding="utf-8") == before
    dead = "arch A {\n  data table(3)\n  let unused = 3\n  model = linear(2)\n}\n"
    (folder / "ugly.arch").write_text(dead)
    run("check", "--fix", "--unsafe-fixes", "zoo:ugly")
    assert (folder / "ugly.arch").read_text() == dead
