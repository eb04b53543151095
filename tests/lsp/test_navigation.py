"""Definition, references, highlights and renaming, across the files of a project."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

import archdsl
from tests.lsp.specs import GOOD

BLOCKS = "block cell(width, act=relu) = conv(width, 3) -> act\n"
USER = 'use "blocks.arch"\n\n' + GOOD.replace("conv(16, 3) -> relu", "cell(16, act=gelu)")


@pytest.fixture(scope="module")
def project(editor, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text("")
    (folder / "blocks.arch").write_text(BLOCKS)
    (folder / "model.arch").write_text(USER)
    (folder / "other.arch").write_text(USER.replace("Digits", "Other"))
    return folder


@pytest.fixture(scope="module")
def user(editor, project):
    return editor.open(USER, project / "model.arch")


def _ask(page, method: str, params: type, text: str, behind: int = 0, **more):
    position = page.position(text, behind=behind)
    return page.editor.ask(method, params(text_document=page.identifier, position=position, **more))


def _definition(page, text: str, behind: int = 0):
    found = _ask(page, types.TEXT_DOCUMENT_DEFINITION, types.DefinitionParams, text, behind)
    if found is None:
        return None
    path = Path(to_fs_path(found.uri) or "")
    source = path.read_text() if path.is_file() else page.text
    start = found.range.start
    return path.name, source.split("\n")[start.line][start.character :]


def _references(page, text: str, declaration: bool = True):
    context = types.ReferenceContext(include_declaration=declaration)
    found = _ask(page, types.TEXT_DOCUMENT_REFERENCES, types.ReferenceParams, text, context=context)
    return sorted(Path(to_fs_path(one.uri) or "").name for one in found)


def _rename(page, text: str, new: str):
    return _ask(page, types.TEXT_DOCUMENT_RENAME, types.RenameParams, text, new_name=new).changes


def test_a_name_leads_to_what_declares_it(user):
    assert _definition(user, "stem ->") == ("model.arch", "stem = conv(8, 5, stride=2) -> relu")
    assert _definition(user, "cell(16") == ("blocks.arch", BLOCKS.removeprefix("block ").rstrip())
    assert _definition(user, "act=gelu") == ("blocks.arch", "act=relu) = conv(width, 3) -> act")
    assert _definition(user, "blocks.arch") == ("blocks.arch", BLOCKS.rstrip())
    assert _definition(user, "linear(") is None


def test_a_block_of_the_library_leads_to_its_file(editor):
    page = editor.open(GOOD.replace("conv(16, 3)", "bottleneck(16)"))
    name, line = _definition(page, "bottleneck(16)")
    assert name == "bottleneck.arch"
    assert line.startswith("bottleneck(width,")


def test_references_are_of_all_files_of_the_project(user):
    assert _references(user, "cell(16") == ["blocks.arch", "model.arch", "other.arch"]
    assert _references(user, "cell(16", declaration=False) == ["model.arch", "other.arch"]
    assert _references(user, "stem =") == ["model.arch"] * 2


def test_the_same_name_is_highlighted(user):
    found = _ask(
        user, types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, types.DocumentHighlightParams, "stem ->"
    )
    assert [user.at(one.range) for one in found] == ["stem", "stem"]
    assert [one.kind for one in found] == [
        types.DocumentHighlightKind.Write,
        types.DocumentHighlightKind.Read,
    ]


def test_renaming_changes_all_files_and_what_they_say_stays(user, project, tmp_path):
    before = archdsl.compile(project / "other.arch").params
    (tmp_path / "pyproject.toml").write_text("")
    for text, new in (("cell(16", "unit"), ("act=gelu", "activation")):
        changes = _rename(user, text, new)
        for uri, edits in changes.items():
            path = Path(to_fs_path(uri) or "")
            other = type(user)(user.editor, uri, path.read_text())
            (tmp_path / path.name).write_text(other.edited(list(edits)))
        assert new in (tmp_path / "model.arch").read_text()
        assert archdsl.compile(tmp_path / "other.arch").params == before


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("2x", "a name is letters"),
        ("let", "is a word of the language"),
        ("relu", "is an op"),
        ("body", "means something already, on line 9"),
    ],
)
def test_a_name_that_is_taken_is_refused(user, new, why):
    with pytest.raises(JsonRpcException, match=why):
        _rename(user, "stem =", new)


def test_only_what_the_project_named_can_be_renamed(user):
    def prepared(text: str):
        found = _ask(user, types.TEXT_DOCUMENT_PREPARE_RENAME, types.PrepareRenameParams, text)
        return None if found is None else user.at(found)

    assert prepared("stem ->") == "stem"
    assert prepared("linear(") is None
    assert prepared("stride=2") is None
