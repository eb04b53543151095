"""The server itself: what it is told at its start, what it takes, and how it ends."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from lsprotocol import types
from pygls.uris import from_fs_path

from archdsl.cli.commands import lsp
from archdsl.lsp.server import features
from archdsl.lsp.settings import Settings, read_settings
from tests.lsp.client import ROOT, Editor
from tests.lsp.specs import GOOD, SPACE

EVERYTHING = types.Range(types.Position(0, 0), types.Position(10_000, 0))
HINT = types.InlayHintParams
JUNK = ("", "(", ")", "{", "}", '"', "->", "|", " let ", "=", "é\U0001f600", "#")


def test_what_the_issue_asks_for_is_offered(editor):
    able = editor.capabilities
    assert able.completion_provider.resolve_provider
    assert able.rename_provider
    assert able.code_lens_provider.resolve_provider
    assert able.semantic_tokens_provider.full
    for name in (
        "hover", "inlay_hint", "signature_help", "definition", "references", "document_symbol",
        "folding_range", "document_formatting", "code_action", "document_highlight",
    ):  # fmt: skip
        assert getattr(able, f"{name}_provider")
    assert len({module.METHOD for module in features()}) == len(features())


def _requests(page, random: Random):
    """One of every request, at a place."""
    lines = page.text.split("\n")
    line = random.randrange(len(lines))
    place = types.Position(line, random.randrange(len(lines[line]) + 2))
    here = {"text_document": page.identifier, "position": place}
    options = types.FormattingOptions(2, insert_spaces=True)
    return {
        types.TEXT_DOCUMENT_HOVER: types.HoverParams(**here),
        types.TEXT_DOCUMENT_COMPLETION: types.CompletionParams(**here),
        types.TEXT_DOCUMENT_SIGNATURE_HELP: types.SignatureHelpParams(**here),
        types.TEXT_DOCUMENT_DEFINITION: types.DefinitionParams(**here),
        types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: types.DocumentHighlightParams(**here),
        types.TEXT_DOCUMENT_PREPARE_RENAME: types.PrepareRenameParams(**here),
        types.TEXT_DOCUMENT_REFERENCES: types.ReferenceParams(
            types.ReferenceContext(include_declaration=True), **here
        ),
        types.TEXT_DOCUMENT_INLAY_HINT: HINT(page.identifier, EVERYTHING),
        types.TEXT_DOCUMENT_CODE_LENS: types.CodeLensParams(page.identifier),
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: types.DocumentSymbolParams(page.identifier),
        types.TEXT_DOCUMENT_FOLDING_RANGE: types.FoldingRangeParams(page.identifier),
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: types.SemanticTokensParams(page.identifier),
        types.TEXT_DOCUMENT_FORMATTING: types.DocumentFormattingParams(page.identifier, options),
    }


def _mangled(text: str, random: Random) -> str:
    """A text with a few parts taken out, doubled or put in."""
    for _ in range(random.randrange(1, 4)):
        at, end = sorted((random.randrange(len(text)), random.randrange(len(text))))
        end = min(end, at + 12)
        junk = random.choice(
            ["", "(", ")", "{", "}", '"', "->", "|", " let ", "=", "é\U0001f600", "#"]
        )
        text = text[:at] + random.choice([junk, text[at:end] * 2, junk + text[at:end]]) + text[end:]
    return text


@pytest.mark.parametrize("seed", range(4))
def test_no_text_however_broken_makes_a_request_fail(editor, seed):
    random = Random(seed)
    specs = [GOOD, SPACE, *((ROOT / f"specs/zoo/{n}.arch").read_text() for n in ("unet", "gat"))]
    page = editor.open(random.choice(specs))
    for _ in range(5):
        page.type(_mangled(random.choice(specs), random))
        for method, params in _requests(page, random).items():
            editor.ask(method, params)
        assert not any("bug of its own" in one.message for one in page.findings())
    page.close()


def test_every_spec_is_answered_in_all_ways(editor):
    random = Random(0)
    for path in sorted((ROOT / "specs/zoo").glob("*.arch"))[::12]:
        page = editor.open(path.read_text(), path)
        for method, params in _requests(page, random).items():
            editor.ask(method, params)
        page.close()


def test_torch_is_never_loaded(editor):
    maps = Path(f"/proc/{editor.process.pid}/maps")
    if not maps.exists():
        pytest.skip("the system does not tell what a process has loaded")
    editor.open(GOOD).findings()
    assert "libtorch" not in maps.read_text()
    assert "numpy" not in maps.read_text()


def test_a_file_that_changes_on_disk_is_read_again(editor, tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    blocks = tmp_path / "blocks.arch"
    blocks.write_text("block cell(width) = conv(width, 3) -> relu\n")
    text = 'use "blocks.arch"\n\n' + GOOD.replace("conv(16, 3) -> relu", "cell(16)")
    page = editor.open(text, tmp_path / "model.arch")
    assert page.findings() == []
    blocks.write_text("block cell(width, depth) = conv(width, 3) -> relu\n")
    change = types.FileEvent(from_fs_path(str(blocks)), types.FileChangeType.Changed)
    editor.tell(
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES, types.DidChangeWatchedFilesParams([change])
    )
    assert page.until({"E205"})


def test_hints_and_lenses_are_as_the_editor_sets_them(editor):
    page = editor.open(GOOD)

    def labels() -> list[str]:
        return [
            hint.label
            for hint in editor.ask(
                types.TEXT_DOCUMENT_INLAY_HINT, HINT(page.identifier, EVERYTHING)
            )
        ]

    def configure(**settings) -> None:
        told = types.DidChangeConfigurationParams({"archdsl": settings})
        editor.tell(types.WORKSPACE_DID_CHANGE_CONFIGURATION, told)

    changes = labels()
    configure(inlayHints="all")
    assert len(labels()) >= len(changes)
    configure(inlayHints="off", codeLens=False)
    assert labels() == []
    lenses = editor.ask(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensParams(page.identifier))
    assert list(lenses) == []
    configure()
    assert labels() == changes


def test_settings_that_mean_nothing_are_as_without_them():
    for given in (None, 3, {}, {"archdsl": 3}, {"inlayHints": "some", "codeLens": "yes"}):
        assert read_settings(given) == Settings()


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system tells no processes")
def test_a_server_leaves_nothing_behind():
    editor = Editor(settings={"inlayHints": "off"})
    page = editor.open((ROOT / "specs/spaces/darts.arch").read_text())
    page.findings()
    server = editor.process.pid
    deadline = time.monotonic() + 30
    while not (workers := _children(server)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(workers) == 1  # busy with the space
    editor.close()
    while any(map(_is_running, (server, *workers))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_is_running, (server, *workers)))


@pytest.mark.slow
def test_a_server_whose_editor_is_gone_ends():
    command = [sys.executable, "-m", "archdsl", "lsp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0


def test_without_its_package_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygls.lsp.server", None)
    monkeypatch.delitem(sys.modules, "archdsl.lsp.server", raising=False)
    result = CliRunner().invoke(lsp.command)
    assert result.exit_code == 2
    assert "needs pygls, which is not installed: pip install 'archdsl[lsp]'" in result.output
