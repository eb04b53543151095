"""Paths are told from the current folder, in every format."""

from __future__ import annotations

import json

import pytest

from archdsl.rendering import known_formats
from tests.cli.conftest import GOOD

BAD = 'use "lib/blocks.arch"\n' + GOOD.replace("relu", "two(3)", 1)
BLOCKS = "block two(w) = conv(w)\n"  # which lacks its kernel


@pytest.fixture
def project(folder):
    (folder / "lib").mkdir()
    (folder / "lib" / "blocks.arch").write_text(BLOCKS)
    (folder / "bad.arch").write_text(BAD)
    return folder


@pytest.mark.parametrize("format", known_formats())
@pytest.mark.parametrize("path", ["bad.arch", "{folder}/bad.arch", "{folder}", "."])
def test_a_finding_in_a_used_file_has_a_path_from_here(run, project, format, path):
    result = run("check", path.format(folder=project), "--format", format)
    assert result.exit_code == 1
    told = result.stdout + result.stderr
    assert "lib/blocks.arch" in told
    assert str(project) not in told


@pytest.mark.parametrize("command", ["show", "compile", "suggest", "fmt --check", "check --diff"])
def test_so_do_other_commands(run, project, command):
    result = run(*command.split(), f"{project}/bad.arch")
    assert str(project) not in result.stdout + result.stderr


def test_from_a_folder_below_it_goes_up(run, project, monkeypatch):
    (project / "lib" / "user.arch").write_text(BAD.replace("lib/", ""))
    (project / "deep").mkdir()
    monkeypatch.chdir(project / "deep")
    found = json.loads(run("check", "../lib/user.arch", "--format", "json").stdout)
    files = {one["span"]["file"] for one in found if one["span"]}
    assert files <= {"../lib/user.arch", "../lib/blocks.arch"}


def test_what_is_far_away_is_told_from_the_root(run, project, monkeypatch):
    monkeypatch.chdir("/")
    told = run("check", f"{project}/bad.arch").stderr
    assert f"{project}/lib/blocks.arch".lstrip("/") in told


def test_the_settings_of_a_project_are_told_from_here_too(run, project):
    (project / "pyproject.toml").write_text("[tool.archdsl]\nselect = 3\n")
    told = run("check", "good.arch").stderr
    assert "pyproject.toml" in told
    assert str(project) not in told


def test_a_path_that_goes_up_through_a_link_is_kept_as_it_was_given(run, project):
    (project / "far" / "deep").mkdir(parents=True)
    (project / "far" / "good.arch").write_text("arch A {")
    (project / "link").symlink_to(project / "far" / "deep")
    result = run("check", f"{project}/link/../good.arch")
    assert result.exit_code == 1  # not the good one, which stands beside the link
