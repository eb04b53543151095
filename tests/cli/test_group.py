"""What all commands have in common."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archdsl.cli import exits
from archdsl.cli.commands import check

COMMANDS = (
    "blocks",
    "check",
    "compile",
    "count",
    "fmt",
    "grammar",
    "init",
    "ops",
    "sample",
    "show",
)


def archdsl(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "archdsl", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_exit_codes_are_frozen():
    codes = {n: code for n, code in vars(exits).items() if n.isupper() and isinstance(code, int)}
    assert codes == {
        "CLEAN": 0,
        "ERRORS": 1,
        "USAGE": 2,
        "BUG": 3,
        "UNSATISFIABLE": 4,
        "INTERRUPTED": 130,
    }


def test_help_lists_every_command(run):
    result = run("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run, command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--nonsense"),
        ("check", "--format", "yaml"),
        ("show",),
        ("sample", "good.arch", "-n", "0"),
        ("compile", "good.arch", "--check"),
        ("compile", "good.arch", "--choose", "nonsense"),
        ("grammar", "--for", "yacc"),
    ],
)
def test_wrong_usage_has_a_code_of_its_own(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_help_cuts_no_sentence_short(run):
    listed = run("--help").output.partition("Commands:")[2]
    assert "..." not in listed


def test_a_misspelt_command_is_guessed(run):
    result = run("chek")
    assert result.exit_code == 2
    assert "did you mean `check`?" in result.stderr


def _break(monkeypatch, error):
    def broken(*arguments):
        raise error

    monkeypatch.setattr(check, "_done", broken)


def test_a_bug_of_ours_says_how_to_report_it(run, monkeypatch):
    _break(monkeypatch, RuntimeError("oh \x1b[31mno"))
    result = run("check", "good.arch")
    assert result.exit_code == 3
    assert "a bug of its own" in result.stderr
    assert "RuntimeError: oh \\x1b[31mno" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_bug_of_ours_shows_its_traceback_when_asked(run, monkeypatch):
    _break(monkeypatch, RuntimeError("oh no"))
    monkeypatch.setenv("ARCHDSL_DEBUG", "1")
    assert "Traceback" in run("check", "good.arch").stderr


def test_an_interruption_is_quiet(run, monkeypatch):
    _break(monkeypatch, KeyboardInterrupt())
    result = run("check", "good.arch")
    assert result.exit_code == 130
    assert "Traceback" not in result.stderr


def test_a_reader_that_left_is_no_error(folder):
    command = f"{sys.executable} -m archdsl grammar | head -n 1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


WITHOUT = ("torch", "torch_geometric", "numpy", "rich", "lark", "optuna")
LOADED = """
import sys
from archdsl.cli.group import archdsl
try:
    archdsl(sys.argv[2:])
except SystemExit as stop:
    assert not stop.code, stop.code
print([name for name in sys.argv[1].split(",") if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "good.arch"),
        ("fmt", "good.arch"),
        ("show", "good.arch"),
        ("count", "space.arch"),
        ("sample", "space.arch"),
        ("compile", "good.arch"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_loads_neither_torch_nor_anything_else_that_is_slow(folder, arguments):
    result = subprocess.run(
        [sys.executable, "-c", LOADED, ",".join(WITHOUT), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr.splitlines()[-1] == "[]", result.stderr


def test_check_imports_only_what_it_needs(folder):
    code = LOADED.replace("name in sys.modules", "any(name in m for m in sys.modules)")
    others = "commands.compile,commands.fmt,spec.data.volume,spec.train.sgd,archdsl.emit,json.tool"
    result = subprocess.run(
        [sys.executable, "-c", code, others, "check", "good.arch"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr.splitlines()[-1] == "[]", result.stderr


def test_no_colours_without_a_terminal(folder):
    result = archdsl("check", "missing")
    assert "\x1b" not in result.stdout + result.stderr
    assert result.returncode == 2


def test_findings_in_json_are_one_document(folder):
    (folder / "bad.arch").write_text("arch A {}")
    result = archdsl("show", "bad.arch", "--format", "json")
    assert result.returncode == 1
    assert json.loads(result.stdout)[0]["severity"] == "error"
    assert result.stderr == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_output_goes_on_where_a_terminal_knows_few_characters(folder, encoding):
    result = subprocess.run(
        [sys.executable, "-m", "archdsl", "show", "good.arch"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert (result.returncode, result.stderr) == (0, b"")


def test_an_endless_file_ends(run):
    result = run("check", "/dev/zero")
    assert result.exit_code == 1
    assert "E120" in result.stderr


def test_a_reader_who_leaves_early_is_no_error(folder):
    spec = Path("good.arch")
    many = spec.read_text(encoding="utf-8").replace("relu", " -> ".join(["(relu | gelu)"] * 20), 1)
    spec.write_text(many, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "archdsl", "sample", "good.arch", "-n", "99999"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_told_in_one_line(folder):
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "archdsl", "sample", "space.arch"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert result.returncode == 2
    assert result.stderr == b"Error: cannot write the output: no space left on device\n"


def test_a_name_too_long_for_a_file_is_wrong_usage(run):
    result = run("check", "a" * 5000)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: cannot read aaa")
