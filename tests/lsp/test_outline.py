"""Outline, folding and colours of a text."""

from __future__ import annotations

import pytest
from lsprotocol import types

from archdsl.lsp.features.semantic_tokens import MODIFIERS, TYPES
from tests.lsp.specs import GOOD

TEXT = """# Two lines
# of comment.
use "blocks.arch"

block cell(width, act=relu) {
  let body = conv(width, 3)  # \U0001f600 beside
             -> act
  return body
}

function twice(v) = 2 * v

""" + GOOD.replace("conv(16, 3)", "cell(twice(8), act=gelu) -> add(x, bottleneck(16))").replace(
    "\n  model", '  allow overcapacity because "é"\n  require params <= 1M\n\n  model'
)


@pytest.fixture(scope="module")
def page(editor):
    return editor.open(TEXT)


def _outline(symbols):
    return {one.name: (one.detail, _outline(one.children or ())) for one in symbols}


def test_the_outline_is_what_a_text_declares(page):
    found = page.editor.ask(
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(page.identifier)
    )
    assert _outline(found) == {
        "cell": ("(width, act=relu)", {"body": ("let", {})}),
        "twice": ("(v)", {}),
        "Digits": ("arch", {"stem": ("let", {}), "body": ("let", {})}),
    }
    for one in found:
        assert page.at(one.selection_range) == one.name
        assert page.at(one.range).endswith(("}", "v"))


def test_what_goes_over_several_lines_can_be_folded(page):
    found = page.editor.ask(
        types.TEXT_DOCUMENT_FOLDING_RANGE, types.FoldingRangeParams(page.identifier)
    )
    lines = TEXT.split("\n")
    told = [(lines[one.start_line].strip(), lines[one.end_line].strip()) for one in found]
    assert told == [
        ("# Two lines", "# of comment."),
        ("block cell(width, act=relu) {", "return body"),
        ("let body = conv(width, 3)  # \U0001f600 beside", "-> act"),
        ("arch Digits {", "}"),
        ("model {", "return body -> global_avg_pool -> linear(classes)"),
    ]
    assert found[0].kind == types.FoldingRangeKind.Comment


def _coloured(page) -> list[tuple[str, str, set[str]]]:
    found = page.editor.ask(
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, types.SemanticTokensParams(page.identifier)
    )
    told, line, column = [], 0, 0
    units = [one.encode("utf-16-le") for one in page.text.split("\n")]
    for place in range(0, len(found.data), 5):
        down, right, length, kind, bits = found.data[place : place + 5]
        line, column = line + down, right + (0 if down else column)
        text = units[line][2 * column : 2 * (column + length)].decode("utf-16-le")
        told.append((text, TYPES[kind], {m for n, m in enumerate(MODIFIERS) if bits >> n & 1}))
    return told


def test_each_word_is_coloured_by_what_it_means(page):
    told = _coloured(page)
    for one in [
        ("use", "keyword", set()),
        ('"blocks.arch"', "string", set()),
        ("cell", "class", {"declaration"}),
        ("cell", "class", set()),
        ("bottleneck", "class", {"defaultLibrary"}),
        ("width", "parameter", {"declaration"}),
        ("width", "parameter", set()),
        ("conv", "function", {"defaultLibrary"}),
        ("3", "number", set()),
        ("# \U0001f600 beside", "comment", set()),
        ("->", "operator", set()),
        ("twice", "function", {"declaration"}),
        ("Digits", "namespace", {"declaration"}),
        ("image", "type", {"defaultLibrary"}),
        ("samples", "property", set()),
        ("overcapacity", "enumMember", {"defaultLibrary"}),
        ("params", "property", {"defaultLibrary"}),
        ("M", "number", set()),
        ("act", "property", set()),
        ("gelu", "function", {"defaultLibrary"}),
        ("stem", "variable", {"declaration"}),
        ("x", "variable", {"defaultLibrary"}),
    ]:
        assert one in told
    assert [text for text, _, _ in told][:3] == ["# Two lines", "# of comment.", "use"]


def test_a_text_with_mistakes_is_coloured_outlined_and_folded(editor):
    page = editor.open(GOOD.replace("-> relu\n    let body", "=> relu (\n    let body"))
    told = [text for text, _, _ in _coloured(page)]
    assert {"arch", "Digits", "stem", "body", "linear"} <= set(told)
    found = page.editor.ask(
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(page.identifier)
    )
    assert [one.name for one in found] == ["Digits"]
    assert {"stem", "body"} <= {one.name for one in found[0].children}
