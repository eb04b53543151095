"""archdsl check"""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import GOOD, SPACE

BAD = "arch A { data imge(3) model = x }\n"


def test_a_good_spec_is_clean(run):
    result = run("check", "good.arch")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 spec without errors\n"


def test_a_folder_stands_for_the_specs_below_it(run, folder):
    (folder / "sub" / ".hidden").mkdir(parents=True)
    (folder / "sub" / "third.arch").write_text(GOOD)
    (folder / "sub" / ".hidden" / "fourth.arch").write_text("nonsense")
    assert run("check").stderr.endswith("\n3 specs without errors\n")
    assert run("check", "sub", "good.arch").stderr == "2 specs without errors\n"


def test_findings_go_to_stderr_and_are_counted(run, folder):
    (folder / "bad.arch").write_text(GOOD.replace("linear(classes)", "linear(11)"))
    result = run("check", "bad.arch", "good.arch")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[E442]: `classify(10)` needs a vector of 10" in result.stderr
    assert "+     return add(body, stem) -> global_avg_pool -> linear(10)" in result.stderr
    assert result.stderr.endswith("1 error\n1 can be fixed with `--unsafe-fixes`\n")


def test_findings_of_all_files_are_told(run, folder):
    (folder / "one.arch").write_text(BAD)
    (folder / "two.arch").write_text(GOOD.replace("relu", "rlu", 1))
    result = run("check", "--format", "concise", "one.arch", "two.arch")
    one, two, count, *_ = result.stderr.splitlines()
    assert one.startswith("one.arch:1:15: error[E401]")
    assert two.startswith("two.arch:6:")
    assert "did you mean `relu`?" in two
    assert count == "2 errors"


def test_json_goes_to_stdout(run, folder):
    (folder / "bad.arch").write_text(BAD)
    result = run("check", "--format", "json", "bad.arch")
    assert result.exit_code == 1
    assert [found["code"] for found in json.loads(result.stdout)] == ["E401"]
    assert json.loads(run("check", "--format", "json", "good.arch").stdout) == []


def test_stdin_is_a_dash(run):
    assert run("check", "-", input=GOOD).exit_code == 0
    result = run("check", "-", input=BAD)
    assert "--> <stdin>:1:15" in result.stderr


def test_syntax_errors_are_findings(run):
    result = run("check", "-", input="arch A {")
    assert result.exit_code == 1
    assert "error[E1" in result.stderr


def test_a_limit_no_design_meets_has_a_code_of_its_own(run):
    result = run("check", "-", input=GOOD.replace("  model {", "  require params <= 1k\n  model {"))
    assert result.exit_code == 4
    assert "`params <= 1k` does not hold" in result.stderr


def test_a_space_is_clean_when_a_design_of_it_is_valid(run):
    assert run("check", "space.arch").exit_code == 0


def test_a_space_without_a_valid_design_is_told_with_reasons(run):
    result = run("check", "-", input=SPACE.replace("params <= 500", "params <= 50"))
    assert result.exit_code == 4
    assert "`params <= 50` does not hold" in result.stderr


def test_a_space_whose_designs_fail_in_different_places_is_told_as_such(run):
    text = SPACE.replace("let width = 16 | 32 | 64", "let width = 0 | 64")
    result = run("check", "-", input=text)
    assert result.exit_code == 4
    assert "error[E510]: none of the 2 designs of `Space` is valid" in result.stderr


def test_what_is_wrong_in_every_design_is_an_error(run):
    result = run("check", "-", input=SPACE.replace("linear(classes)", "linear(3)"))
    assert result.exit_code == 1
    assert "E442" in result.stderr


@pytest.mark.parametrize("name", ["missing.arch", "no/such/folder", "nul\0byte"])
def test_a_missing_file_is_wrong_usage(run, name):
    result = run("check", name)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: cannot read ")


def test_a_folder_without_specs_is_wrong_usage(run, folder):
    (folder / "empty").mkdir()
    result = run("check", "empty")
    assert (result.exit_code, result.stderr) == (2, "Error: there are no .arch files in empty\n")


def test_a_file_that_is_not_utf8_is_an_error_with_its_line(run, folder):
    (folder / "latin.arch").write_bytes(b"# ok\n# caf\xe9\n")
    result = run("check", "latin.arch")
    assert result.exit_code == 1
    assert "latin.arch is not UTF-8: byte 0xe9 on line 2" in result.stderr


def test_a_huge_file_is_refused_before_it_is_read_whole(run, folder):
    (folder / "huge.arch").write_text("# x\n" * 3_000_000)
    result = run("check", "huge.arch")
    assert result.exit_code == 1
    assert "error[E6" in result.stderr or "error[E1" in result.stderr


def test_control_characters_of_a_spec_stay_out_of_the_terminal(run):
    result = run("check", "-", input=b"arch A { data \x1b[31mimage\r(3) }")
    assert result.exit_code == 1
    assert "\x1b" not in result.stderr
    assert "\r" not in result.stderr


def test_a_spec_may_use_files_of_its_project(run, folder):
    (folder / "lib").mkdir()
    (folder / "lib" / "blocks.arch").write_text("block twice(w) = linear(w) -> relu -> linear(w)\n")
    text = 'use "../lib/blocks.arch"\narch A { data table(3) model = twice(4) }\n'
    (folder / "specs").mkdir()
    (folder / "specs" / "user.arch").write_text(text)
    assert run("check", "specs").exit_code == 0


def test_a_mistake_in_a_file_that_many_use_is_told_once(run, folder):
    (folder / "blocks.arch").write_text("block one() = conv(\n")
    for name in ("a.arch", "b.arch"):
        text = 'use "blocks.arch"\narch A { data table(3) model = one() }\n'
        (folder / name).write_text(text)
    result = run("check", "--format", "concise", "a.arch", "b.arch")
    assert result.exit_code == 1
    syntax = [line for line in result.stderr.splitlines() if "blocks.arch:" in line]
    assert len(syntax) == 1, result.stderr
