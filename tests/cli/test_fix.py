"""archdsl check --fix, --unsafe-fixes and --diff"""

from __future__ import annotations

import os

import pytest

from tests.cli.conftest import GOOD

DEAD = GOOD.replace("    let body", "    let dead = x -> conv(3, 3)\n    let body")
HEAD = GOOD.replace("linear(classes)", "linear(3)")


@pytest.fixture(autouse=True)
def specs(folder):
    (folder / "dead.arch").write_text(DEAD)
    (folder / "head.arch").write_text(HEAD)


def test_a_safe_fix_is_applied_and_its_finding_is_gone(run, folder):
    result = run("check", "--fix", "dead.arch")
    assert result.exit_code == 0
    assert (folder / "dead.arch").read_text() == GOOD
    assert result.stderr == "fixed dead.arch: remove `dead`\n1 spec without errors\n"


def test_what_would_change_the_meaning_is_left_alone(run, folder):
    result = run("check", "--fix", "head.arch")
    assert result.exit_code == 1
    assert "E442" in result.stderr
    assert (folder / "head.arch").read_text() == HEAD


def test_unless_it_is_asked_for(run, folder):
    assert run("check", "--unsafe-fixes", "head.arch").exit_code == 0
    assert (folder / "head.arch").read_text() == HEAD.replace("linear(3)", "linear(10)")


def test_a_diff_writes_nothing(run, folder):
    result = run("check", "--unsafe-fixes", "--diff", "head.arch", "dead.arch")
    assert "-    return add(body, stem) -> global_avg_pool -> linear(3)\n" in result.stdout
    assert "+    return add(body, stem) -> global_avg_pool -> linear(10)\n" in result.stdout
    assert "-    let dead = x -> conv(3, 3)\n" in result.stdout
    assert (folder / "head.arch").read_text() == HEAD
    assert (folder / "dead.arch").read_text() == DEAD


def test_a_diff_alone_shows_safe_fixes(run):
    assert run("check", "--diff", "head.arch").stdout == ""
    assert "-    let dead" in run("check", "--diff", "dead.arch").stdout


def test_stdin_goes_fixed_to_stdout(run):
    assert run("check", "--fix", "-", input=DEAD).stdout == GOOD


def test_a_file_without_findings_is_not_touched(run, folder):
    odd = GOOD.replace("  task", "\n\n  task")
    (folder / "odd.arch").write_text(odd)
    assert run("check", "--fix", "odd.arch").exit_code == 0
    assert (folder / "odd.arch").read_text() == odd


def test_mistakes_of_writing_are_fixed_too(run, folder):
    (folder / "foreign.arch").write_text(GOOD.replace("  data", "  // the data\n  data"))
    run("check", "--unsafe-fixes", "foreign.arch")
    assert (folder / "foreign.arch").read_text() == GOOD.replace("  data", "  # the data\n  data")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_file_that_may_not_be_written_is_left_as_it_is(run, folder):
    (folder / "dead.arch").chmod(0o400)
    assert run("check", "--fix", "dead.arch").exit_code == 2
    assert (folder / "dead.arch").read_text() == DEAD
