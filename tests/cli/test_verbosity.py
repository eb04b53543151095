"""How much commands tell: notes beside results with ``-v``, nothing but errors with ``-q``."""

from __future__ import annotations

import json

import pytest

from archdsl.cli.group import archdsl
from tests.cli.conftest import GOOD

NOTED = GOOD.replace("conv(16, 3, bias=false) -> batch_norm", "conv(16, 3) -> batch_norm")
REFUSED = NOTED.replace("  model {", "  require params <= 5\n  model {")
WARNED = """\
arch A {
  data  image(3, 32, 32, samples=50_000)
  task  classify(10)
  model = conv(32, 3) -> relu -> global_avg_pool -> linear(classes)
}
"""


@pytest.fixture(autouse=True)
def specs(folder):
    for name, text in {"noted": NOTED, "refused": REFUSED, "warned": WARNED}.items():
        (folder / f"{name}.arch").write_text(text)


@pytest.mark.parametrize("command", ["compile", "show"])
def test_notes_beside_a_result_take_asking(run, command):
    assert run(command, "noted.arch").stderr == ""
    assert "note[P705]" in run(command, "noted.arch", "-v").stderr
    refused = run(command, "refused.arch").stderr
    assert "error[E430]" in refused
    assert "note[" not in refused
    assert "note[P705]" in run(command, "refused.arch", "--verbose").stderr


@pytest.mark.parametrize("command", ["compile", "show"])
def test_warnings_are_told_unless_silence_is_asked_for(run, command):
    assert "warning[P405]" in run(command, "warned.arch").stderr
    quiet = run(command, "warned.arch", "-q")
    assert (quiet.stderr, quiet.exit_code) == ("", 0)
    assert quiet.stdout == run(command, "warned.arch").stdout


def test_checking_tells_notes_and_quietly_errors_only(run):
    assert "note[P705]" in run("check", "noted.arch").stderr
    assert run("check", "-q", "noted.arch").stderr == ""
    quiet = run("check", "-q", "refused.arch")
    assert quiet.exit_code == 4
    assert "error[E430]" in quiet.stderr
    assert "note[" not in quiet.stderr


def test_documents_hold_everything(run):
    codes = [f["code"] for f in json.loads(run("show", "refused.arch", "--format=json").stdout)]
    assert {"E430", "P705"} <= set(codes)


@pytest.mark.parametrize(
    "command",
    ["compile good.arch -o out.py", "fmt good.arch", "sample space.arch -n 2", "suggest good.arch"],
)
def test_what_was_done_is_not_told_quietly(run, command):
    assert run(*command.split(), "-q").stderr == ""


def test_both_is_wrong_usage(run):
    result = run("show", "good.arch", "-q", "-v")
    assert result.exit_code == 2
    assert "-v and -q are opposites" in result.stderr


def test_every_command_that_tells_findings_has_both():
    for name in archdsl.list_commands(None):
        options = [o for p in archdsl.get_command(None, name).params for o in p.opts]
        assert ("--format" in options) == ("-q" in options) == ("-v" in options), name
