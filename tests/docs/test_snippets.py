"""What the README and the guide show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import archdsl
from archdsl.cli.group import archdsl as main
from tests.docs.pages import PAGES, ROOT, rejected, snippets

TOLD = re.compile(r"^(?:error|warning|note)\[([EWP]\d{3})\]", re.MULTILINE)
SESSION = re.compile(r"^\$ archdsl (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def each(*kinds: str):
    return pytest.mark.parametrize("snippet", snippets(*kinds), ids=str)


@each("arch")
def test_a_spec_that_is_shown_has_the_findings_that_its_page_discusses_and_no_others(
    snippet, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for used in re.findall(r'^use "(.*)"', snippet.text, re.MULTILINE):
        Path(used).parent.mkdir(parents=True, exist_ok=True)
        Path(used).write_text("block used(width) = conv(width, 3)\n", encoding="utf-8")
    Path("model.arch").write_text(snippet.text, encoding="utf-8")
    checked = CliRunner().invoke(main, ["check", "model.arch"])
    assert set(TOLD.findall(checked.stderr)) <= snippet.discussed, checked.stderr
    assert (checked.exit_code == 0) == (snippet.text not in rejected())


@each("text")
def test_an_error_that_is_shown_is_told(snippet):
    told = archdsl.check(snippet.spec, name="model.arch").render()
    assert snippet.text.strip() in told


@each("python")
def test_python_that_is_shown_runs_or_is_what_comes_out(snippet, tmp_path):
    if "import archdsl" not in snippet.text:
        assert snippet.text in archdsl.compile(snippet.spec).source
        return
    (tmp_path / "model.arch").write_text(snippets("arch")[0].text, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-c", snippet.text]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("True")


@each("console")
def test_a_session_that_is_shown_goes_like_this(snippet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.arch").write_text(snippet.spec, encoding="utf-8")
    for command, shown in SESSION.findall(snippet.text):
        result = CliRunner().invoke(main, command.split())
        assert result.stdout == shown


def test_every_command_in_the_table_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`archdsl ([a-z]+)", readme))
    assert len(named) > 8
    for word in named:
        assert CliRunner().invoke(main, [word, "--help"]).exit_code == 0, word


def test_the_two_commands_come_first():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.index("make demo") < readme.index("make test") < readme.index("## ")


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_linked_exists(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target
