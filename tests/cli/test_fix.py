"""archdsl check --fix, --unsafe-fixes and --diff"""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from archdsl.cli.diffs import harmless
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
    assert result.exit_code == 1
    assert "would fix dead.arch: remove `dead`\n" in result.stderr
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


ODD = {
    "as it should be": DEAD,
    "carriage returns": DEAD.replace("\n", "\r\n"),
    "no end of line": DEAD.rstrip("\n"),
    "tabs": DEAD.replace("  ", "\t"),
    "line breaks that are none": DEAD.replace("-> relu\n", "-> relu  # \x0c \x85 \u2028\n", 1),
    "escapes": DEAD.replace("-> relu\n", "-> relu  # \x1b[31m\n", 1),
}
TOOLS = [("patch", "-p0", "-s", "-i"), ("git", "apply", "-p0")]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool[0])
@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", ["a.arch", "two words.arch", 'li\nne "\x1b.arch'])
def test_a_diff_is_what_patch_and_git_take(run, folder, tool, text, name):
    if shutil.which(tool[0]) is None:
        pytest.skip(f"there is no {tool[0]} here")
    (folder / name).write_bytes(text.encode())
    diff = run("check", "--diff", name).stdout_bytes
    assert (folder / name).read_bytes() == text.encode()
    (folder / "change.diff").write_bytes(diff)
    subprocess.run([*tool, "change.diff"], cwd=folder, check=True, capture_output=True)
    patched = (folder / name).read_bytes()
    (folder / name).write_bytes(text.encode())
    run("check", "--fix", name)
    assert patched == (folder / name).read_bytes() != text.encode()


def test_a_diff_on_a_terminal_is_harmless():
    assert harmless("+\ta\x1b[31m\n-b\r\n") == "+\ta\\x1b[31m\n-b\\x0d\n"


def test_what_could_be_fixed_is_counted(run):
    assert "\n1 can be fixed with `--fix`\n" in run("check", "dead.arch").stderr
    assert "1 can be fixed with `--unsafe-fixes`\n" in run("check", "--fix", "head.arch").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--diff", "--format", "json", "dead.arch"),
        ("--fix", "--format", "sarif", "-"),
        ("--checklist", "--format", "sarif", "dead.arch"),
        ("--checklist", "--diff", "dead.arch"),
    ],
)
def test_two_things_do_not_share_stdout(run, arguments):
    result = run("check", *arguments, input=DEAD)
    assert result.exit_code == 2
    assert "arch A" not in result.stdout
    assert "cannot both write to stdout" in result.stderr


def test_the_checklist_of_a_fixed_file_is_that_of_its_new_text(run):
    result = run("check", "--unsafe-fixes", "--checklist", "head.arch")
    assert result.exit_code == 0
    assert "1  the architecture fits the data" in result.stdout


def test_what_a_link_points_at_is_fixed_and_its_permissions_stay(run, folder):
    (folder / "dead.arch").chmod(0o640)
    (folder / "link.arch").symlink_to("dead.arch")
    assert run("check", "--fix", "link.arch").exit_code == 0
    assert (folder / "link.arch").is_symlink()
    assert (folder / "dead.arch").read_text() == GOOD
    assert (folder / "dead.arch").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_file_that_may_not_be_written_is_left_as_it_is(run, folder):
    (folder / "dead.arch").chmod(0o400)
    assert run("check", "--fix", "dead.arch").exit_code == 2
    assert (folder / "dead.arch").read_text() == DEAD


RENAMED = GOOD.replace("8, 8)", "8, 8, segments=2)")


def fixes(result) -> list[object]:
    return [found["fix"] for found in json.loads(result.stdout)]


@pytest.mark.parametrize("command", ["check", "compile", "show", "sample"])
def test_no_command_offers_a_fix_that_does_not_hold(run, folder, command):
    (folder / "renamed.arch").write_text(RENAMED)
    assert fixes(run(command, "--format", "json", "renamed.arch")) == [None]
    offered = fixes(run(command, "--format", "json", "head.arch"))
    assert [fix["title"] for fix in offered if fix] == (
        ["write `linear(10)`"] if command in ("check", "compile", "show") else []
    )


def test_what_is_wrong_in_a_used_file_is_fixed_where_that_file_is_checked(run, folder):
    (folder / "used.arch").write_text("block b() = relu // an activation\n")
    (folder / "using.arch").write_text('use "used.arch"\n' + GOOD)
    assert fixes(run("check", "--format", "json", "using.arch")) == [None]
    both = fixes(run("check", "--format", "json", "used.arch", "using.arch"))
    assert [fix["title"] for fix in both if fix] == ["write `#`"]
    assert run("check", "--unsafe-fixes", "using.arch", "used.arch").exit_code == 1
    assert run("check", "using.arch", "used.arch").exit_code == 0
    assert (folder / "used.arch").read_text() == "block b() = relu # an activation\n"


def test_a_fix_leaves_the_layout_of_other_lines(run, folder):
    odd = DEAD.replace("  task", "\n\n  task  ").replace("conv(8, 3)", "conv( 8,3 )")
    (folder / "odd.arch").write_text(odd)
    run("check", "--fix", "odd.arch")
    kept = [line for line in odd.splitlines() if "dead" not in line]
    assert (folder / "odd.arch").read_text().splitlines() == kept
