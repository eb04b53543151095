"""The extension of VS Code: its grammar as VS Code reads it, its package, its client's settings."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from random import Random
from typing import TYPE_CHECKING

import pytest

from archdsl.highlighting import words_of
from archdsl.syntax.words import KEYWORDS
from tests.architecture.sources import ROOT, sources
from tests.editors.node import EXTENSION, packages, run
from tests.syntax.texts import random_text

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("node") and shutil.which("npm")), reason="node is not installed"
    ),
]
GRAMMAR = EXTENSION / "syntaxes" / "arch.tmLanguage.json"
KINDS = {"NAME": "name", "NUMBER": "number", "STRING": "text", "UNIT": "unit"}
KINDS |= {"COMMENT": "comment"} | dict.fromkeys(KEYWORDS, "keyword")
SCOPES = {
    "keyword.other.unit": "unit",
    "keyword.control": "keyword",
    "keyword.operator.range": "keyword",
    "storage.type": "keyword",
    "entity.name": "name",
    "variable": "name",
    "constant.language": "name",
    "constant.numeric": "number",
    "string.quoted": "text",
    "comment": "comment",
}


@pytest.fixture(scope="module")
def modules() -> Path:
    return packages()


@pytest.fixture(scope="module")
def build(modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build") / "vscode"
    shutil.copytree(EXTENSION, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    shutil.copy(ROOT / "LICENSE", folder)
    (folder / "node_modules").symlink_to(modules)
    return folder


@pytest.fixture(scope="module")
def client(build: Path) -> Path:
    run("npm", "run", "bundle", cwd=build)
    return build / "dist" / "extension.js"


def test_each_word_of_the_grammars_own_tests_has_its_scope(build):
    assert "run successfuly" in run("npm", "test", cwd=build)


def test_textmate_reads_the_words_that_the_parser_reads(modules, tmp_path):
    texts = [f.text for f in sources(".arch")]
    texts += [random_text(Random(seed)).replace("\r", "") for seed in range(300)]
    (tmp_path / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    script = ROOT / "tests" / "editors" / "scopes.js"
    printed = run(
        *("node", script, GRAMMAR, tmp_path / "texts.json"), cwd=tmp_path, NODE_PATH=str(modules)
    )
    pairs = zip(texts, json.loads(printed), strict=True)
    wrong = [text for text, scopes in pairs if _by_scopes(scopes) != _by_terminals(text)]
    assert wrong == []


def test_the_client_starts_the_server_with_the_settings_of_the_window(client, tmp_path):
    recorder = ROOT / "tests" / "editors" / "recorder.py"
    record = tmp_path / "record.json"
    command = [sys.executable, str(recorder), str(record)]
    settings = {"command": command, "inlayHints": "all", "codeLens": False}
    assert _window(client, settings) == "started\n"
    assert json.loads(record.read_text()) == {"inlayHints": "all", "codeLens": False}


def test_who_has_no_server_is_told_how_it_is_installed(client):
    shown = _window(client, {"command": ["no-such-program"]})
    assert "`no-such-program` did not start" in shown
    assert "Copy the command that installs it" in shown


def test_the_package_holds_the_bundled_client_and_no_source(build):
    run("npm", "run", "package", cwd=build)
    (package,) = build.glob("*.vsix")
    names = {n.removeprefix("extension/") for n in zipfile.ZipFile(package).namelist()}
    assert {"dist/extension.js", "syntaxes/arch.tmLanguage.json", "snippets/arch.json"} <= names
    assert {"readme.md", "LICENSE.txt", "language-configuration.json"} <= names
    assert not [name for name in names if "node_modules" in name or name.startswith("tests")]
    manifest = zipfile.ZipFile(package).read("extension/package.json").decode()
    assert json.loads(manifest)["contributes"]["languages"][0]["extensions"] == [".arch"]
    run("node", "--check", build / "dist" / "extension.js", cwd=build)


@pytest.mark.parametrize(
    ("command", "folder", "expected"),
    [
        (None, None, {"command": "archdsl", "args": ["lsp"], "options": {}}),
        ([], "/p", {"command": "archdsl", "args": ["lsp"], "options": {"cwd": "/p"}}),
        (
            ["${workspaceFolder}/.venv/bin/archdsl", "lsp", "-v"],
            "/p",
            {"command": "/p/.venv/bin/archdsl", "args": ["lsp", "-v"], "options": {"cwd": "/p"}},
        ),
    ],
)
def test_the_settings_say_how_the_server_starts(command, folder, expected, tmp_path):
    arguments = ", ".join(json.dumps(word) for word in (command, folder))
    code = f"const s = require({json.dumps(str(EXTENSION / 'server.js'))});"
    code += f"console.log(JSON.stringify(s.serverCommand({arguments})))"
    assert json.loads(run("node", "-e", code, cwd=tmp_path)) == expected


def _window(client: Path, settings: dict[str, object]) -> str:
    script = ROOT / "tests" / "editors" / "window.js"
    return run("node", script, client, json.dumps(settings), cwd=client.parent)


def _by_scopes(scopes: list[list]) -> list[tuple[int, str]]:
    kinds = ((start, _kind(scope)) for start, scope in scopes)
    return [(start, kind) for start, kind in kinds if kind]


def _kind(scope: str) -> str:
    return next((kind for prefix, kind in SCOPES.items() if scope.startswith(prefix)), "")


def _by_terminals(text: str) -> list[tuple[int, str]]:
    return [(w.start, KINDS[w.terminal]) for w in words_of(text) if w.terminal in KINDS]
