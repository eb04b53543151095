"""archdsl compile of folders, for make, and of files without an architecture"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT
from tests.cli.conftest import GOOD

LIBRARY = "block two(w) = conv(w, 3) -> relu\n"
OTHER = GOOD.replace("Small", "Other")


@pytest.fixture
def specs(folder):
    (folder / "specs" / "deep").mkdir(parents=True)
    (folder / "specs" / "one.arch").write_text(GOOD)
    (folder / "specs" / "deep" / "two.arch").write_text(GOOD + OTHER)
    (folder / "specs" / "blocks.arch").write_text(LIBRARY)
    return folder


def _classes(path):
    tree = ast.parse(path.read_text())
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def test_a_folder_is_compiled_into_another(run, specs):
    result = run("compile", "specs", "--out-dir", "out")
    assert (result.exit_code, result.stdout) == (0, "")
    written = {str(p.relative_to(specs)) for p in (specs / "out").rglob("*.py")}
    assert written == {"out/one.py", "out/deep/two_Small.py", "out/deep/two_Other.py"}
    assert _classes(specs / "out" / "deep" / "two_Other.py")[-1] == "Other"
    assert run("compile", "specs", "--out-dir", "out").stderr == ""
    assert run("compile", "specs", "--out-dir", "out", "--check").exit_code == 0


def test_what_is_stale_in_a_folder_is_told(run, specs):
    run("compile", "specs", "--out-dir", "out")
    (specs / "specs" / "one.arch").write_text(GOOD.replace("conv(16", "conv(24"))
    (specs / "out" / "deep" / "two_Other.py").unlink()
    result = run("compile", "specs", "--out-dir", "out", "--check")
    assert result.exit_code == 1
    assert sorted(result.stderr.splitlines()) == [
        "out/deep/two_Other.py is missing",
        "out/one.py is stale",
    ]


def test_one_bad_spec_does_not_keep_the_others_from_being_written(run, specs):
    (specs / "specs" / "bad.arch").write_text(GOOD.replace("relu", "rlu", 1))
    result = run("compile", "specs", "missing.arch", "--out-dir", "out")
    assert result.exit_code == 2
    assert "rlu" in result.stderr
    assert "Error: cannot read missing.arch" in result.stderr
    assert (specs / "out" / "one.py").exists()
    assert run("compile", "specs", "--out-dir", "out").exit_code == 1


def test_what_was_written_is_one_document(run, specs):
    result = run("compile", "specs", "--out-dir", "out", "--format", "json")
    found = {one["file"]: (one["name"], one["state"]) for one in json.loads(result.stdout)}
    assert found["out/one.py"] == ("Small", "written")
    assert len(found) == 3


def test_two_specs_are_not_written_over_each_other(run, specs):
    result = run("compile", "specs/one.arch", "good.arch", "--out-dir", "out")
    assert result.exit_code == 0
    (specs / "deep").mkdir()
    (specs / "deep" / "one.arch").write_text(OTHER)
    result = run("compile", "specs/one.arch", "deep/one.arch", "--out-dir", "out")
    assert result.exit_code == 2
    assert "specs/one.arch and deep/one.arch would both be written to out/one.py" in result.stderr
    assert _classes(specs / "out" / "one.py")[-1] == "Small"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("specs",), "specs is a folder"),
        (("specs", "good.arch"), "several specs need --out-dir"),
        (("good.arch", "-o", "x.py", "--out-dir", "out"), "-o names one file"),
        (("-", "--out-dir", "out"), "stdin has none"),
        (("specs", "--out-dir", "out", "--arch", "Small"), "are for one spec"),
        (("good.arch", "--depfile", "x.d"), "--depfile tells of the file of -o"),
        ((), "Missing argument"),
    ],
)
def test_what_does_not_fit_together_is_wrong_usage(run, specs, arguments, words):
    result = run("compile", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


MAKEFILE = """\
my\\ model.py: my\\ model.arch
\t$(ARCHDSL) compile "my model.arch" -o "my model.py" --depfile model.d
-include model.d
"""


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_builds_again_what_depends_on_a_file_and_nothing_else(specs):
    (specs / "lib # $x.arch").write_text(LIBRARY)
    text = GOOD.replace("conv(16, 3) -> relu", "two(16)")
    (specs / "my model.arch").write_text(f'use "lib # $x.arch"\n{text}')
    (specs / "Makefile").write_text(MAKEFILE)
    assert "compile" in _make(specs)
    assert "up to date" in _make(specs)
    _age(specs)
    (specs / "lib # $x.arch").write_text(LIBRARY.replace("relu", "gelu"))
    assert "compile" in _make(specs)
    assert "gelu" in (specs / "my model.py").read_text()
    assert "up to date" in _make(specs)
    _age(specs)
    (specs / "my model.arch").touch()  # nothing changes, so the output is only touched
    assert "compile" in _make(specs)
    assert "up to date" in _make(specs)
    (specs / "lib # $x.arch").unlink()  # a rule of a file that is gone does not stop make
    (specs / "my model.arch").write_text(GOOD)
    assert "compile" in _make(specs)


def _age(folder):
    for file in folder.iterdir():
        if file.is_file():
            os.utime(file, (1, 1))


def _make(folder) -> str:
    result = subprocess.run(
        ["make", f"ARCHDSL={sys.executable} -m archdsl"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C"},
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_dependencies_of_a_folder_are_in_one_file(run, specs):
    (specs / "specs" / "user.arch").write_text(
        f'use "blocks.arch"\n{GOOD.replace("conv(16, 3) -> relu", "two(16)")}'
    )
    run("compile", "specs", "--out-dir", "out", "--depfile", "all.d")
    rules = (specs / "all.d").read_text().splitlines()
    assert "out/user.py: specs/user.arch specs/blocks.arch" in rules
    assert "out/deep/two_Other.py: specs/deep/two.arch" in rules
    assert "specs/blocks.arch:" in rules


def test_a_design_from_a_file_is_a_dependency_too(run, specs):
    (specs / "d.json").write_text('{"width": 16, "choice": "relu"}')
    run("compile", "space.arch", "--design", "d.json", "-o", "x.py", "--depfile", "x.d")
    assert (specs / "x.d").read_text().startswith("x.py: space.arch d.json\n")


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n"])
@pytest.mark.parametrize("command", ["check", "compile", "show"])
def test_an_empty_file_is_an_error_for_every_command(run, folder, command, text):
    (folder / "empty.arch").write_text(text)
    result = run(command, "empty.arch")
    assert result.exit_code == 1
    assert "error[E422]: there is nothing in this file" in result.stderr
    assert "empty.arch:1:1" in result.stderr


@pytest.mark.parametrize("command", ["check", "compile", "compile -o out.py"])
def test_a_file_of_blocks_is_sound_for_checking_and_compiling(run, specs, command):
    result = run(*command.split(), "specs/blocks.arch")
    assert result.exit_code == 0
    assert ("E422" in result.stderr) == command.startswith("compile")
    if command.endswith("py"):
        assert _classes(specs / "out.py") == []
        assert run("compile", "specs/blocks.arch", "-o", "out.py", "--check").exit_code == 0


def test_an_architecture_that_a_file_of_blocks_does_not_have_is_an_error(run, specs):
    assert run("compile", "specs/blocks.arch", "--arch", "A").exit_code == 1
