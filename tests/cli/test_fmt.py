"""archdsl fmt"""

from __future__ import annotations

from tests.cli.conftest import GOOD

UGLY = GOOD.replace("  data  image", "   data image").replace(" -> ", "->")


def test_a_spec_is_brought_into_the_canonical_layout(run, folder):
    (folder / "ugly.arch").write_text(UGLY)
    result = run("fmt", "ugly.arch")
    assert (result.exit_code, result.stderr) == (0, "changed ugly.arch\n")
    assert (folder / "ugly.arch").read_text() == GOOD
    assert run("fmt", "ugly.arch").stderr == ""


def test_check_writes_nothing_and_fails(run, folder):
    (folder / "ugly.arch").write_text(UGLY)
    result = run("fmt", "--check", "ugly.arch", "good.arch")
    assert (result.exit_code, result.stderr) == (1, "would change ugly.arch\n")
    assert (folder / "ugly.arch").read_text() == UGLY
    assert run("fmt", "--check", "good.arch").exit_code == 0


def test_diff_shows_what_would_change(run, folder):
    (folder / "ugly.arch").write_text(UGLY)
    result = run("fmt", "--diff", "ugly.arch")
    assert result.exit_code == 1
    assert "-   data image(1, 8, 8)\n" in result.stdout
    assert "+  data  image(1, 8, 8)\n" in result.stdout
    assert (folder / "ugly.arch").read_text() == UGLY


def test_stdin_goes_to_stdout(run):
    result = run("fmt", "-", input=UGLY)
    assert (result.exit_code, result.stdout) == (0, GOOD)


def test_a_file_with_errors_stays_and_the_others_are_formatted(run, folder):
    (folder / "ugly.arch").write_text(UGLY)
    (folder / "bad.arch").write_text("arch {")
    result = run("fmt", "bad.arch", "ugly.arch")
    assert result.exit_code == 1
    assert "--> bad.arch:1:" in result.stderr
    assert (folder / "bad.arch").read_text() == "arch {"
    assert (folder / "ugly.arch").read_text() == GOOD


def test_permissions_stay(run, folder):
    (folder / "ugly.arch").write_text(UGLY)
    (folder / "ugly.arch").chmod(0o640)
    run("fmt", "ugly.arch")
    assert (folder / "ugly.arch").stat().st_mode & 0o777 == 0o640
