"""What the README and the guide show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

import archdsl
from archdsl.cli.group import archdsl as main
from tests.docs.pages import PAGES, ROOT, mistaken, snippets

SESSION = re.compile(r"^\$ archdsl (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def each(*kinds: str):
    return pytest.mark.parametrize("snippet", snippets(*kinds), ids=str)


@each("arch")
def test_a_spec_that_is_shown_is_right(snippet):
    if snippet.text not in mistaken():
        report = archdsl.check(snippet.text)
        assert report.ok, report.render()


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
