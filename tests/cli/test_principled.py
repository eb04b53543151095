"""The options about principles, and designs that are rejected."""

from __future__ import annotations

import pytest

import archdsl
from tests.cli.conftest import GOOD

DEEP = """\
arch Deep {
  data  image(3, 32, 32)
  model = 24 * (conv(16, 3, bias=false) -> relu)
}
"""


@pytest.fixture(autouse=True)
def deep(folder):
    (folder / "deep.arch").write_text(DEEP)


def codes(result) -> list[str]:
    return sorted({part.split("]")[0] for part in result.stderr.split("[")[1:]})


def test_a_design_that_breaks_a_principle_is_rejected(run):
    result = run("check", "deep.arch")
    assert result.exit_code == 1
    assert "error[P301]: 24 weighted layers in a row on every path" in result.stderr
    assert "principle `deep_plain_network`; see `archdsl explain P301`" in result.stderr


def test_nothing_is_emitted_for_it(run, folder):
    result = run("compile", "deep.arch", "-o", "deep.py")
    assert result.exit_code == 1
    assert "P301" in result.stderr
    assert not (folder / "deep.py").exists()


def test_what_is_there_already_stays_as_it_is(run, folder):
    (folder / "deep.py").write_text("before")
    for option in ((), ("--check",), ("--force",)):
        assert run("compile", "deep.arch", "-o", "deep.py", *option).exit_code == 1
        assert (folder / "deep.py").read_text() == "before"
    assert sorted(path.name for path in folder.iterdir() if "deep" in path.name) == [
        "deep.arch",
        "deep.py",
    ]
    with pytest.raises(archdsl.SpecError, match="P301"):
        archdsl.compile(DEEP)


def test_allowed_for_once_it_is_emitted(run, folder):
    assert run("compile", "deep.arch", "-o", "deep.py", "--allow", "P301").exit_code == 0
    assert (folder / "deep.py").exists()


def test_rules_are_selected_and_ignored_by_code_prefix_and_slug(run):
    shown = ("check", "deep.arch", "--format", "concise")
    assert codes(run(*shown)) == ["P301", "P704"]
    assert codes(run(*shown, "--select", "P7")) == ["P704"]
    assert codes(run(*shown, "--select", "P7,deep_plain_network")) == ["P301", "P704"]
    assert codes(run(*shown, "--ignore", "P3", "--ignore", "P704")) == []
    assert run(*shown, "--ignore", "P301").exit_code == 0


def test_strict_makes_errors_of_warnings(run, folder):
    (folder / "deep.arch").write_text(DEEP.replace("24", "12"))
    assert run("check", "deep.arch").exit_code == 0
    result = run("check", "deep.arch", "--strict")
    assert result.exit_code == 1
    assert "error[P301]" in result.stderr


@pytest.mark.parametrize("option", ["--select", "--ignore", "--allow"])
def test_an_unknown_rule_is_wrong_usage(run, option):
    result = run("check", "deep.arch", option, "deep_plain_netwrk")
    assert result.exit_code == 2
    assert "did you mean `deep_plain_network`?" in result.stderr


def test_only_whole_rules_are_allowed(run):
    result = run("check", "deep.arch", "--allow", "P3")
    assert result.exit_code == 2
    assert "it takes whole codes or slugs" in result.stderr


def test_a_project_sets_what_rules_say_and_options_go_over_it(run, folder):
    (folder / "pyproject.toml").write_text('[tool.archdsl]\nignore = ["P301"]\n')
    assert codes(run("check", "deep.arch")) == ["P704"]
    text = "[tool.archdsl.rules.deep_plain_network]\nwarning = 23\nerror = 30\n"
    (folder / "pyproject.toml").write_text(text)
    assert "warning[P301]" in run("check", "deep.arch").stderr


def test_settings_that_mean_nothing_are_errors(run, folder):
    (folder / "pyproject.toml").write_text("[tool.archdsl]\nselct = []\n")
    result = run("check", "good.arch")
    assert result.exit_code == 1
    assert "error[E810]" in result.stderr
    assert run("compile", "good.arch").exit_code == 1


def test_an_allow_clause_accepts_and_one_that_silences_nothing_is_told(run, folder):
    clause = '  allow deep_plain_network because "the point is to see it fail"\n}'
    (folder / "deep.arch").write_text(DEEP.replace("\n}", "\n" + clause))
    assert run("check", "deep.arch").exit_code == 0
    (folder / "deep.arch").write_text(DEEP.replace("24", "4").replace("\n}", "\n" + clause))
    assert codes(run("check", "deep.arch", "--ignore", "P405")) == ["W802"]
    assert codes(run("check", "deep.arch", "--select", "P7")) == []


def test_a_limit_on_memory_that_is_missed_is_one_that_no_design_meets(run, folder):
    text = GOOD.replace("  model {", "  require memory(training, batch=8) <= 1 KiB\n  model {")
    result = run("check", "-", input=text)
    assert result.exit_code == 4
    assert "error[P601]" in result.stderr


def test_a_design_that_does_not_do_its_task_is_not_held_to_principles(run):
    result = run("check", "-", input=DEEP.replace("model", "task classify(7)\n  model"))
    assert codes(result) == ["E442"]


def test_a_model_too_large_to_judge_is_an_error(run):
    text = "block b() = 9_000 * relu\narch A { data table(3) model = 9 * b }\n"
    result = run("check", "-", input=text)
    assert result.exit_code == 1
    assert "E607" in result.stderr
