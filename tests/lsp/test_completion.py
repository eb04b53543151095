"""What can be written: whatever a good text says can be completed where it says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from archdsl.lsp.analysis import Snapshot, analyse, outer_items
from archdsl.lsp.completing.proposals import Place
from archdsl.lsp.features.completion import proposals
from archdsl.lsp.names import Names
from archdsl.lsp.session import Document
from archdsl.source import Source
from archdsl.syntax import nodes as ast
from archdsl.syntax.cursor import cursor_at
from archdsl.syntax.parser import read
from archdsl.syntax.words import KEYWORDS
from tests.lsp.client import ROOT
from tests.lsp.specs import GOOD, SPACE

if TYPE_CHECKING:
    from pathlib import Path

SPECS = sorted((ROOT / "specs").rglob("*.arch"))


def _place(text: str, offset: int, known: Document | None = None) -> Place:
    document = known or _document(text)
    assert document.analysis is not None
    names = document.names or Names(document.analysis.tree, outer_items(document.analysis))
    document.names = names
    return Place(cursor_at(Source(text), offset), document, names)


def _document(text: str, path: Path = ROOT / "a.arch") -> Document:
    document = Document("untitled:a.arch", text, 1)
    snapshot = Snapshot(text, str(path), path.parent, {})
    document.analysis = document.evaluated = analyse(snapshot)
    return document


def _words(text: str) -> list[str]:
    """What is proposed where a text has a mark."""
    offset = text.index("¦")
    return [one.word for one in proposals(_place(text.replace("¦", ""), offset))]


def _new_names(document: Document) -> set[int]:
    """Where names are that nobody can guess: those that are declared, and those of options."""
    assert document.names is not None
    found = {symbol.span.start for symbol in document.names.symbols}
    for node in (node for item in document.names.tree.items for node in item.within()):
        if isinstance(node, ast.Choice):
            found |= {name.span.start for name in node.names if name is not None}
        if isinstance(node, ast.Call) and node.function.id in ("pick", "permute"):
            found |= {argument.span.start for argument in node.arguments if argument.name}
    return found


def _missing(path: Path, step: int, first: int) -> list[str]:
    text = path.read_text()
    document = _document(text, path)
    _place(text, 0, document)
    declared = _new_names(document)
    _, tokens = read(Source(text))
    told = [t for t in tokens if t.terminal == "NAME" or t.terminal in KEYWORDS]
    missing = []
    for token in told[first % step :: step]:
        word = token.text.strip()
        if token.start in declared:
            continue
        words = {one.word for one in proposals(_place(text, token.start, document))}
        if word not in words and f"{word}=" not in words:
            missing.append(f"{path.name}:{text.count(chr(10), 0, token.start) + 1} {word}")
    return missing


@pytest.mark.parametrize("number", range(0, len(SPECS), 20))
def test_words_of_specs_can_be_completed_where_they_stand(number):
    assert _missing(SPECS[number], 12, number) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", range(8))
def test_every_word_of_every_spec_can_be_completed_where_it_stands(number):
    missing = [one for path in SPECS[number::8] for one in _missing(path, 3, number)]
    assert missing == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("arch A {\n  data ¦", ["category", "graph", "image"]),
        ("arch A {\n  train ¦", ["adadelta", "adafactor", "adagrad"]),
        ("arch A {\n  train sgd(schedule=¦", ["constant", "cosine", "linear", "step"]),
        ("arch A {\n  train sgd(lr=0.1, device=¦", ["a100_80gb"]),
        ("arch A {\n  task classify(10, per=¦", ["graph", "node", "pixel", "sample", "token"]),
        ("arch A {\n  require latency(¦", ["a100_80gb"]),
        ("arch A {\n  require memory(¦", ["batch=", "inference", "precision=", "training"]),
        ("arch A {\n  minimize ¦", ["accuracy", "depth", "flops", "latency", "loss"]),
        ("arch A {\n  model {\n    let a = conv(8, 3)\n    return ¦", ["a", "x"]),
        ("block f(w, act=relu) = ¦", ["act", "w", "x"]),
        ("arch A {\n  model = conv(8, 3, padding=¦", ["auto", "same"]),
        ("arch A {\n  model = each((c, n) = [[1, 2]], ¦", ["c", "n", "x"]),
        ("arch A {\n  model = conv(8, 3) -> c¦", ["x"]),
        ("¦", ["arch", "block", "device", "function", "language", "shared", "use"]),
    ],
)
def test_the_likeliest_words_come_first(text, first):
    assert _words(text)[: len(first)] == first


def test_what_cannot_stand_there_is_not_proposed():
    assert "conv" not in _words("arch A {\n  train sgd(¦")
    assert "let" not in _words("arch A {\n  model = conv(¦")
    assert "kernel=" not in _words("arch A {\n  model = conv(8, 3, ¦")
    assert "stride=" in _words("arch A {\n  model = conv(8, 3, ¦")
    assert _words("arch A { # a comment ¦") == _words('arch A { allow x because "¦') == []
    assert "conv" not in _words("arch A {\n  model { let a = x.¦")
    assert "channels" in _words("arch A {\n  model { let a = x.¦")


def test_mistakes_before_a_place_are_passed_over():
    text = "arch A {\n  data image(3 3, \n  model {\n    let a = conv(8, 3\n    let b = a -> ¦"
    assert _words(text)[0] == "a"
    assert "conv" in _words(text)


def test_names_of_tasks_blocks_and_files_are_proposed(editor, tmp_path):
    tasks = "task  kind = classify(10)\n  task age = regress(1)"
    several = GOOD.replace("task  classify(10)", tasks)
    heads = "let e = body -> global_avg_pool\n    return e -> linear(kind.classes), e -> linear(1)"
    known = _document(several.replace("return body -> global_avg_pool -> linear(classes)", heads))
    known.text = several.replace("linear(classes)", "linear(kind.")
    words = proposals(_place(known.text, known.text.index("kind.") + len("kind."), known))
    assert [one.word for one in words] == ["classes"]
    (tmp_path / "blocks.arch").write_text("block cell(w) = conv(w, 3)\n")
    page = editor.open('use "', tmp_path / "model.arch")
    place = types.Position(0, 5)
    params = types.CompletionParams(page.identifier, place)
    found = editor.ask(types.TEXT_DOCUMENT_COMPLETION, params)
    assert [item.label for item in found.items] == ["blocks.arch"]


def test_an_item_replaces_the_word_and_tells_its_page(editor):
    page = editor.open(GOOD.replace("conv(16, 3)", "con"))
    params = types.CompletionParams(page.identifier, page.position("con ->", behind=3))
    found = editor.ask(types.TEXT_DOCUMENT_COMPLETION, params)
    (item,) = [one for one in found.items if one.label == "conv"]
    assert page.at(item.text_edit.range) == "con"
    assert item.text_edit.new_text == "conv"
    told = editor.ask(types.COMPLETION_ITEM_RESOLVE, item).documentation.value
    assert "conv(channels, kernel, stride=1" in told


GATED = SPACE.replace("let body = stem ->", "let body = stem -> (gate: se | plain: identity) ->")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"¦', ['"depth"', '"body.choice"', '"body.mixed.conv.kernel"']),
        ('{"depth": 2, ¦}', ['"body.choice"', '"body.mixed.conv.kernel"']),
        ('{"depth": ¦}', ["1", "2", "3"]),
        ('{"depth": 2, "body.choice": "¦"}', ['"gate"', '"plain"']),
        ('{"depth": 2}¦', []),
    ],
)
def test_designs_beside_a_spec_have_its_paths_and_options(editor, tmp_path, text, words):
    (tmp_path / "model.arch").write_text(GATED)
    page = editor.open(text.replace("¦", ""), tmp_path / "model.json")
    place = types.Position(0, text.index("¦"))
    params = types.CompletionParams(page.identifier, place)
    found = editor.ask(types.TEXT_DOCUMENT_COMPLETION, params)
    items = found.items if found is not None else []
    assert sorted(item.label for item in items) == sorted(words)
    for item in items:
        edited = page.edited([item.text_edit])
        assert edited.count('"') % 2 == 0
    assert page.uri not in editor.told  # it is no spec that could have findings
