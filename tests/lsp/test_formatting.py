"""The layout of a text: what `archdsl fmt` makes of it."""

from __future__ import annotations

from lsprotocol import types

import archdsl
from tests.lsp.specs import GOOD

OPTIONS = types.FormattingOptions(8, insert_spaces=False)  # the layout is one for all


def _edits(page):
    params = types.DocumentFormattingParams(page.identifier, OPTIONS)
    return page.editor.ask(types.TEXT_DOCUMENT_FORMATTING, params)


def test_the_layout_is_that_of_fmt_and_other_lines_keep_their_place(editor):
    untidy = GOOD.replace("data  image", "data image").replace("  model {", "\n\n  model  {")
    page = editor.open(untidy)
    edits = _edits(page)
    assert page.edited(edits) == archdsl.format(untidy) == GOOD
    assert all("let" not in edit.new_text for edit in edits)


def test_a_text_in_the_layout_has_no_edits(editor):
    assert list(_edits(editor.open(GOOD))) == []


def test_line_ends_stay_as_they_are(editor):
    page = editor.open(GOOD.replace("data  ", "data ").replace("\n", "\r\n"))
    assert page.edited(_edits(page)) == GOOD.replace("\n", "\r\n")


def test_a_text_with_syntax_errors_is_left_alone(editor):
    assert _edits(editor.open(GOOD.replace("->", "=>"))) is None
