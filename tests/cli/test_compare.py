"""archdsl compare"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.cli.conftest import GOOD, SPACE

CHANGED = {
    "interface": GOOD.replace("classify(10)", "classify(9)"),
    "weights": GOOD.replace("body", "trunk"),
    "costs": GOOD.replace("conv(16", "conv(24"),
    "findings": GOOD.replace("linear(classes)", "linear(3)"),
}


def _two(folder, old, new):
    (folder / "old.arch").write_text(old)
    (folder / "new.arch").write_text(new)
    return "old.arch", "new.arch"


def test_nothing_to_tell_is_said(run):
    result = run("compare", "good.arch", "good.arch", "--keep", "weights")
    assert (result.stdout, result.exit_code) == ("nothing that matters has changed\n", 0)


@pytest.mark.parametrize("word", CHANGED)
def test_what_is_to_be_kept_and_is_not_ends_with_1(run, folder, word):
    files = _two(folder, GOOD, CHANGED[word])
    assert run("compare", *files).exit_code == 0
    kept = run("compare", *files, "--keep", word)
    assert kept.exit_code == 1
    assert "error[" in kept.stderr
    others = {one for one in CHANGED if one != word}
    if word == "weights":
        assert all(run("compare", *files, "--keep", one).exit_code == 0 for one in others)


def test_designs_may_be_kept(run, folder):
    files = _two(folder, SPACE, SPACE.replace("16 | 32 | 64", "16 | 32"))
    assert run("compare", *files, "--keep", "designs").exit_code == 0  # 64 was too large before
    files = _two(folder, SPACE, SPACE.replace("16 | 32 | 64", "16 | 64"))
    result = run("compare", *files, "--keep", "designs")
    assert result.exit_code == 1
    assert "2 of 4 old designs of `Space` are valid no more" in result.stderr


def test_the_clause_that_it_shows_makes_it_keep_weights(run, folder):
    new = CHANGED["weights"]
    shown = run("compare", *_two(folder, GOOD, new)).stdout
    clause = shown[shown.index("weights old(") : shown.index(")", shown.index("weights old(")) + 1]
    files = _two(folder, GOOD, new.replace("  model", f"  {clause}\n  model", 1))
    result = run("compare", *files, "--keep", "weights")
    assert result.exit_code == 0
    assert "old weights load by the clause `weights old(…)`" in result.stdout


def test_everything_is_in_the_document(run, folder):
    files = _two(folder, GOOD, CHANGED["costs"])
    found = json.loads(run("compare", *files, "--format", "json").stdout)
    (arch,) = found["arches"]
    params = next(one for one in arch["design"]["costs"] if one["name"] == "params")
    assert (params["old"], params["new"], params["unit"]) == (4986, 10930, "")
    assert arch["design"]["weights"]["loads"] is False
    spaces = _two(folder, SPACE, SPACE.replace("500", "200"))
    found = json.loads(run("compare", *spaces, "--format", "json").stdout)
    assert found["arches"][0]["space"]["old_designs"]["designs"] == 4


def test_a_version_that_cannot_be_read_ends_with_1(run, folder):
    files = _two(folder, GOOD, "arch A {")
    result = run("compare", *files)
    assert result.exit_code == 1
    assert "no more can be compared, as there are errors in new.arch" in result.stdout


@pytest.mark.parametrize("files", [(), ("good.arch",), ("good.arch",) * 3])
def test_it_takes_two_specs(run, files):
    result = run("compare", *files)
    assert result.exit_code == 2
    assert "two specs" in result.stderr


@pytest.mark.slow
def test_git_shows_what_a_change_means(folder):
    def git(*arguments: str) -> str:
        said = ("-c", "user.name=a", "-c", "user.email=a@example.org", *arguments)
        done = subprocess.run(
            ["git", *said], cwd=folder, capture_output=True, text=True, check=True, env=env
        )
        return done.stdout

    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_PAGER": "cat"}
    git("init", "--quiet")
    (folder / ".gitattributes").write_text("*.arch diff=arch\n")
    (folder / "blocks.arch").write_text("block stack() = conv(16, 3) -> relu\n")
    (folder / "good.arch").write_text('use "blocks.arch"\n' + GOOD)
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    git("config", "diff.arch.command", f"{sys.executable} -m archdsl compare --git")
    (folder / "good.arch").write_text('use "blocks.arch"\n' + CHANGED["weights"])
    told = git("diff")
    assert "+    let trunk = stem" in told
    assert "body.* → trunk.* (4 tensors)" in told
    (folder / "new.arch").write_text(GOOD)
    git("add", "--intent-to-add", "new.arch")
    assert "+arch Small {" in git("diff", "new.arch")
