"""What is told while somebody types: the findings of `archdsl check`, where they are."""

from __future__ import annotations

import time

import pytest
from lsprotocol import types

from archdsl import api
from archdsl.lsp.findings import message
from tests.lsp.client import ROOT, Editor
from tests.lsp.specs import GOOD, SPACE, WRONG


def _as_checked(page):
    report = api.check(page.text, name=page.uri)
    return [(found.code, message(found)) for found in report.diagnostics]


def _told(findings):
    return [(one.code, one.message) for one in findings]


def test_a_good_text_has_none(editor):
    page = editor.open(GOOD)
    assert page.findings() == []


def test_findings_are_those_of_check_and_stand_where_they_are(editor):
    page = editor.open(WRONG)
    (found,) = page.findings()
    assert page.at(found.range) == "cnv"
    assert (found.severity, found.source) == (types.DiagnosticSeverity.Error, "archdsl")
    assert _told(page.findings(2)) == _as_checked(page)
    page.type(GOOD)
    assert page.findings() == []
    page.type(GOOD.replace("-> global_avg_pool ", ""))
    assert _told(page.findings(2)) == _as_checked(page)
    assert "E301" in {one.code for one in page.findings(2)}


@pytest.mark.parametrize("cut", range(0, len(GOOD), 61))
def test_a_text_half_typed_is_told_like_any_other(editor, cut):
    page = editor.open(GOOD[:cut])
    assert {one.code for one in page.findings()} == {code for code, _ in _as_checked(page)}


def test_a_space_is_checked_beside_the_typing_and_keeps_its_findings_meanwhile(editor):
    text = SPACE.replace("let depth = 1 to 3", "let depth = 1 to 3\n  let unread = 1 | 2")
    page = editor.open(text)
    assert page.findings() == []  # nothing is known yet
    checked = page.findings(2)
    assert _told(checked) == _as_checked(page)
    assert [page.at(one.range) for one in checked if "unread" in one.message]
    page.type(f"# typed above\n{text}")
    assert [(one.code, page.at(one.range)) for one in page.findings()] == [
        (one.code, page.text.split("\n", 1)[1] and _old_text(text, one)) for one in checked
    ]
    page.type(text.replace("relu", "rel"))
    assert "E201" in {one.code for one in page.findings()}  # what is sure is told at once


def _old_text(text, found):
    lines = text.split("\n")
    start, end = found.range.start, found.range.end
    assert start.line == end.line
    return lines[start.line][start.character : end.character]


def test_typing_is_answered_while_a_large_space_is_checked(editor):
    page = editor.open((ROOT / "specs/spaces/darts.arch").read_text())
    page.findings()
    time.sleep(0.4)  # its check has begun, and takes seconds
    began = time.monotonic()
    page.type(page.text.replace("arch ", "arch  "))
    page.findings()
    good = editor.open(GOOD)
    assert good.findings() == []
    assert time.monotonic() - began < 2  # on a machine that does other things, too
    page.close()


def test_a_file_that_is_used_counts_as_the_editor_has_it(editor, tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    blocks, model = tmp_path / "blocks.arch", tmp_path / "model.arch"
    blocks.write_text("block cell(width) = conv(width, 3) -> relu\n")
    text = 'use "blocks.arch"\n\n' + GOOD.replace("conv(16, 3) -> relu", "cell(16)")
    model.write_text(text)
    user = editor.open(text, model)
    assert user.findings() == []
    used = editor.open(blocks.read_text(), blocks)
    used.type("block cell(width) = conv(width, 3) -> rel\n")
    told = user.until({"E201"})
    assert user.at(told[0].range) == '"blocks.arch"'
    used.close()
    assert user.until(set()) == []


def test_what_led_to_a_finding_is_told_with_it(editor):
    text = "block bad(w) = conv(w, 3) -> flatten -> conv(w, 3)\n\n"
    page = editor.open(text + GOOD.replace("conv(16, 3)", "bad(16)"))
    found = next(one for one in page.findings() if one.code == "E301")
    (call,) = [one for one in found.related_information if "bad" in one.message]
    assert call.location.uri == page.uri
    assert page.at(call.location.range) == "bad(16)"


def test_columns_count_utf_16_units_unless_others_are_agreed_on(editor):
    comment = "# \U0001f600 é\n"
    text = comment + 'arch A { allow x because "\U0001f600 é" cnv }\n'
    place = text.index("cnv") - len(comment)
    page = editor.open(text)
    starts = {one.range.start.character for one in page.findings() if one.range.start.line == 1}
    assert place + 1 in starts  # the face takes two units
    assert editor.capabilities.position_encoding == "utf-16"


@pytest.mark.slow
def test_another_encoding_of_columns_may_be_agreed_on():
    other = Editor(["utf-8", "utf-16"])
    text = 'arch A { allow x because "\U0001f600 é" cnv }\n'
    page = other.open(text)
    starts = {one.range.start.character for one in page.findings()}
    other.close()
    assert text.index("cnv") + 3 + 1 in starts


def test_a_closed_text_has_no_findings(editor):
    page = editor.open(WRONG)
    page.findings()
    page.close()
    with editor.news:
        editor.news.wait_for(lambda: not editor.told[page.uri][-1].diagnostics, 10)
    assert not editor.told[page.uri][-1].diagnostics
