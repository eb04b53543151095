"""The exit codes: what a spec is has one code, whatever is asked of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archdsl.cli import exits
from archdsl.examine import Judging
from archdsl.resolve.loading import load
from archdsl.sampling import SoundDesigns
from archdsl.searching import troubles
from archdsl.source import Source
from tests.cli.conftest import GOOD, SPACE

ONE = ("check", "show", "compile", "close", "count --valid", "space", "sample", "best --by params")
MANY = ("check", "count --valid", "space", "sample", "best --by params")
CHOSEN = ("show", "compile", "close", "suggest")

UNMET = GOOD.replace("  model {", "  require params <= 5\n  model {")
WRONG = GOOD.replace("linear(classes)", "linear(3)")
SPACE_UNMET = SPACE.replace("<= 500", "<= 5")
SPACE_WRONG = SPACE.replace("linear(classes)", "linear(3)")
DENSE = """\
arch Mlp {
  data  image(3, 32, 32, samples=50_000)
  task  classify(10)
  model = flatten -> linear(32 | 64) -> relu -> linear(64) -> relu -> linear(classes)
}
"""


@pytest.mark.parametrize("command", ONE)
@pytest.mark.parametrize(
    ("text", "code"),
    [(GOOD, 0), (UNMET, 4), (WRONG, 1), ("arch A {", 1)],
    ids=("good", "unmet", "wrong", "syntax"),
)
def test_a_spec_of_one_design_has_the_code_of_what_is_wrong_with_it(run, command, text, code):
    assert run(command.split()[0], "-", *command.split()[1:], input=text).exit_code == code


@pytest.mark.parametrize("command", MANY)
@pytest.mark.parametrize(
    ("text", "code"), [(SPACE, 0), (SPACE_UNMET, 4), (SPACE_WRONG, 1)], ids=("good", "4", "1")
)
def test_so_has_a_space(run, command, text, code):
    assert run(command.split()[0], "-", *command.split()[1:], input=text).exit_code == code


@pytest.mark.parametrize("command", CHOSEN)
@pytest.mark.parametrize("by", ["--choose", "--design"])
def test_a_design_that_only_misses_a_requirement_has_the_code_of_that(run, folder, command, by):
    text = SPACE_UNMET
    chosen = ["--choose", "width=64", "--choose", "choice=relu"]
    if by == "--design":
        (folder / "design.json").write_text('{"width": 64, "choice": "relu"}')
        chosen = ["--design", "design.json"]
    result = run(command, "-", *chosen, input=text)
    assert result.exit_code == 4, result.stderr
    assert "`params <= 5` does not hold" in result.stderr


@pytest.mark.parametrize("wrong", ["width=3", "nothing=3"])
def test_a_design_that_is_none_is_an_error(run, wrong):
    chosen = ["--choose", wrong, "--choose", "choice=relu"]
    assert run("compile", "-", *chosen, input=SPACE_UNMET).exit_code == 1


def test_sampling_from_behind_the_last_design_is_no_error_where_there_are_designs(run):
    result = run("sample", "space.arch", "--start", "99")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "there are no more designs from there on\n"
    assert run("sample", "-", "--start", "99", input=SPACE_UNMET).exit_code == 4


def test_sampling_is_never_silent_about_having_nothing(run):
    result = run("sample", "-", input=DENSE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[P101]" in result.stderr
    assert result.stderr.endswith(
        "none of 2 designs drawn is sound (valid, and breaks no principle)\n"
    )


@pytest.mark.parametrize("broken", [False, True])
def test_sampling_that_gives_up_says_so_and_where_to_go_on(run, monkeypatch, broken):
    monkeypatch.setattr("archdsl.sampling.WORK", -1)
    monkeypatch.setattr("archdsl.sampling.MORE", -1)
    if broken:  # each design is rejected, though nothing is wrong that `check` would find
        monkeypatch.setattr("archdsl.sampling.errors", lambda findings: [object()])
    result = run("sample", "space.arch", "-n", "4")
    assert "stopped, as too few of those drawn are sound" in result.stderr
    assert result.stderr.endswith("to go on: --start 1\n")
    assert result.exit_code == (4 if broken else 0)
    assert len(result.stdout.splitlines()) == (0 if broken else 1)


def test_a_drawing_that_was_not_given_up_saw_all_there_are():
    judging = Judging(load(Source(SPACE)).program())
    drawing = SoundDesigns(judging)
    assert len(list(drawing)) == drawing.next == 4
    assert not drawing.gave_up


CODES = {value for value in vars(troubles).values() if re.fullmatch(r"E\d{3}", str(value))}
OF_A_SPEC = {troubles.UNKNOWN_METRIC, troubles.OF_THE_TEST}


@pytest.mark.parametrize("code", sorted(CODES))
def test_what_stops_a_search_has_the_code_of_whose_fault_it_is(code):
    other = {troubles.NOTHING_TO_TRY: 4, troubles.HOPELESS: 1, **dict.fromkeys(OF_A_SPEC, 1)}
    assert exits.of_code(code) == other.get(code, 2)


def test_codes_of_specs_and_of_commands_are_told_apart():
    assert [exits.of_code(code) for code in ("E201", "P101", "E901", "E902")] == [1, 1, 2, 3]
    assert exits.of_codes(["E901", "E201"]) == exits.of_codes([]) == 1
    assert exits.of_codes(["E901", "E917"]) == 2


def test_the_table_of_exit_codes_names_all_that_are_not_of_their_family():
    root = Path(__file__).parents[2]
    text = (root / "docs" / "command_line.md").read_text(encoding="utf-8")
    table = text.partition("## Exit codes")[2].partition("\n## ")[0]
    told = {
        code: int(line[2])
        for line in table.splitlines()
        if line.startswith("| ") and line[2].isdigit()
        for code in re.findall(r"`(E\d+)`", line)
    }
    assert all(exits.of_code(code) == exit_code for code, exit_code in told.items())
    assert exits.OTHERWISE.keys() <= {*told, *OF_A_SPEC}
    assert set(re.findall(r"`(E\d+)`", table)) >= OF_A_SPEC
