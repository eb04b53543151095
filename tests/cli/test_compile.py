"""archdsl compile"""

from __future__ import annotations

import ast
import json
import os
import stat

import pytest

from tests.cli.conftest import GOOD


def test_the_module_goes_to_stdout(run):
    result = run("compile", "good.arch")
    assert (result.exit_code, result.stderr) == (0, "")
    names = [n.name for n in ast.parse(result.stdout).body if isinstance(n, ast.ClassDef)]
    assert "Small" in names


def test_the_module_is_written_to_a_file(run, folder):
    result = run("compile", "good.arch", "-o", "small.py")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "wrote small.py\n")
    assert (folder / "small.py").read_text() == run("compile", "good.arch").stdout


def test_a_file_that_is_up_to_date_is_touched_but_not_written(run, folder):
    run("compile", "good.arch", "-o", "small.py")
    os.utime(folder / "small.py", (1, 1))
    before = (folder / "small.py").stat()
    assert run("compile", "good.arch", "-o", "small.py", "--check").exit_code == 0
    assert (folder / "small.py").stat().st_mtime == 1
    result = run("compile", "good.arch", "-o", "small.py")
    assert (result.exit_code, result.stderr) == (0, "")
    after = (folder / "small.py").stat()
    assert after.st_ino == before.st_ino
    assert after.st_mtime >= (folder / "good.arch").stat().st_mtime


def test_a_file_that_a_formatter_laid_out_anew_is_up_to_date_and_may_be_renewed(run, folder):
    run("compile", "good.arch", "-o", "small.py")
    text = (folder / "small.py").read_text().replace("    ", "  ").replace("\n\n\n", "\n\n")
    (folder / "small.py").write_text(text)
    assert run("compile", "good.arch", "-o", "small.py", "--check").exit_code == 0
    assert run("compile", "good.arch", "-o", "small.py").exit_code == 0
    assert (folder / "small.py").read_text() == text
    (folder / "good.arch").write_text(GOOD.replace("conv(16", "conv(24"))
    result = run("compile", "good.arch", "-o", "small.py")
    assert (result.exit_code, result.stderr) == (0, "wrote small.py\n")


def test_a_file_that_never_was_ours_is_not_called_edited(run, folder):
    (folder / "mine.py").write_text("print(1)\n")
    result = run("compile", "good.arch", "-o", "mine.py")
    assert result.exit_code == 2
    told = "Error: mine.py is no file that archdsl wrote; --force overwrites it\n"
    assert result.stderr == told
    assert (folder / "mine.py").read_text() == "print(1)\n"


def test_a_generated_file_is_renewed(run, folder):
    run("compile", "good.arch", "-o", "small.py")
    (folder / "good.arch").write_text(GOOD.replace("conv(16", "conv(24"))
    stale = run("compile", "good.arch", "-o", "small.py", "--check")
    assert (stale.exit_code, stale.stderr) == (1, "small.py is stale\n")
    assert run("compile", "good.arch", "-o", "small.py").exit_code == 0
    assert "24" in (folder / "small.py").read_text()


def test_check_calls_a_missing_file_missing_and_writes_none(run, folder):
    result = run("compile", "good.arch", "-o", "small.py", "--check")
    assert (result.exit_code, result.stderr) == (1, "small.py is missing\n")
    assert not (folder / "small.py").exists()


def test_a_file_edited_by_hand_is_overwritten_only_by_force(run, folder):
    run("compile", "good.arch", "-o", "small.py")
    edited = (folder / "small.py").read_text() + "\nmine = 1\n"
    (folder / "small.py").write_text(edited)
    result = run("compile", "good.arch", "-o", "small.py")
    assert result.exit_code == 2
    assert result.stderr == "Error: small.py was edited by hand; --force overwrites it\n"
    assert (folder / "small.py").read_text() == edited
    assert run("compile", "good.arch", "-o", "small.py", "--force").exit_code == 0
    assert "mine" not in (folder / "small.py").read_text()


def test_a_spec_with_errors_writes_nothing(run, folder):
    (folder / "bad.arch").write_text(GOOD.replace("linear(classes)", "linear(3)"))
    result = run("compile", "bad.arch", "-o", "bad.py")
    assert result.exit_code == 1
    assert "E442" in result.stderr
    assert not list(folder.glob("*bad.py*"))


def test_open_choices_are_an_error_that_lists_them(run):
    result = run("compile", "space.arch")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the choice `width` is open" in result.stderr


def test_a_design_settles_them(run, folder):
    (folder / "design.json").write_text('{"width": 16, "choice": "relu"}')
    from_file = run("compile", "space.arch", "--design", "design.json").stdout
    chosen = run("compile", "space.arch", "--choose", "width=16", "--choose", "choice=relu").stdout
    assert from_file == chosen
    assert "16" in chosen


def test_a_design_the_spec_does_not_allow_is_refused(run):
    result = run("compile", "space.arch", "--choose", "width=64", "--choose", "choice=relu")
    assert result.exit_code == 4
    assert "`params <= 500` does not hold" in result.stderr


def test_json_has_the_source_and_the_numbers(run):
    compiled = json.loads(run("compile", "good.arch", "--format", "json").stdout)
    assert compiled["source"] == run("compile", "good.arch").stdout
    assert (compiled["params"], compiled["output"]) == (4986, [10])


def test_a_place_that_cannot_be_written_is_told(run, folder):
    (folder / "folder.py").mkdir()
    for place in ("no/such/out.py", "folder.py"):
        result = run("compile", "good.arch", "-o", place)
        assert result.exit_code == 2
        assert result.stderr.startswith("Error: cannot ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_told(run, folder):
    (folder / "locked").mkdir()
    (folder / "locked").chmod(stat.S_IRUSR | stat.S_IXUSR)
    result = run("compile", "good.arch", "-o", "locked/out.py")
    assert result.exit_code == 2
    assert "cannot write locked/out.py: permission denied" in result.stderr


def test_a_link_stays_a_link(run, folder):
    (folder / "real.py").write_text("")
    (folder / "link.py").symlink_to("real.py")
    assert run("compile", "good.arch", "-o", "link.py").exit_code == 0
    assert (folder / "link.py").is_symlink()
    assert "class Small" in (folder / "real.py").read_text()
