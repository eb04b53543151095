"""archdsl draw"""

from __future__ import annotations

import json

import pytest

import archdsl
from tests.cli.conftest import GOOD, SPACE


@pytest.mark.parametrize("form", ["svg", "mermaid", "dot", "html"])
def test_the_picture_goes_to_stdout(run, form):
    result = run("draw", "good.arch", "--as", form)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == archdsl.draw(GOOD, form, name="good.arch")


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.svg", "<?xml"), ("a.mmd", "---"), ("a.dot", "digraph"), ("a.html", "<!doctype html>")],
)
def test_the_name_of_the_file_says_what_is_written(run, folder, name, start):
    result = run("draw", "good.arch", "-o", name)
    assert (result.exit_code, result.stdout) == (0, "")
    assert (folder / name).read_text(encoding="utf-8").startswith(start)


def test_a_spec_is_not_written_over(run, folder):
    assert run("draw", "good.arch", "-o", "good.arch").exit_code == 2
    assert (folder / "good.arch").read_text() == GOOD


def test_of_a_space_alternatives_are_drawn_and_of_a_design_what_it_has(run):
    space = run("draw", "space.arch", "--as", "dot").stdout
    assert "linear(width)" in space
    assert "width = 16 | 32 | 64" in space
    assert "one of 2" in space
    design = archdsl.sample(SPACE)[0]
    chosen = [f"--choose={path}={value}" for path, value in design.items()]
    drawn = run("draw", "space.arch", "--as", "dot", *chosen).stdout
    assert f"linear({design['width']})" in drawn
    assert "one of" not in drawn
    assert run("draw", "space.arch", "--choose", "width=17").exit_code == 1


def test_findings_are_told_beside_and_marked_in_the_picture(run, folder):
    (folder / "plain.arch").write_text(GOOD.replace("linear(classes)", "linear(64) -> linear(10)"))
    result = run("draw", "plain.arch", "--as", "mermaid")
    codes = {found.code for found in archdsl.check(folder / "plain.arch").diagnostics}
    marked = [code for code in codes if f"#33; {code}" in result.stdout]
    assert marked
    assert marked[0] in result.stderr
    assert result.exit_code == run("show", "plain.arch").exit_code


def test_what_is_wrong_is_told_instead_of_a_picture(run, folder):
    (folder / "wrong.arch").write_text(
        GOOD.replace("add(body, stem)", "add(body, stem -> flatten)")
    )
    result = run("draw", "wrong.arch")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "E301" in result.stderr
    (folder / "unmet.arch").write_text(SPACE.replace("500", "5"))
    assert run("draw", "unmet.arch").exit_code == 4


def test_a_document_has_the_picture_as_text(run):
    told = json.loads(run("draw", "good.arch", "--as", "dot", "--format", "json").stdout)
    assert told == {"as": "dot", "picture": archdsl.draw(GOOD, "dot", name="good.arch")}


def test_a_run_is_for_a_report(run):
    result = run("draw", "good.arch", "--run", "somewhere")
    assert result.exit_code == 2
    assert "--as html" in result.stderr
    missing = run("draw", "good.arch", "--as", "html", "--run", "somewhere")
    assert missing.exit_code == 2
    assert "E918" in missing.stderr
