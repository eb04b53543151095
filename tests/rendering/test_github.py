"""Annotations of a GitHub workflow."""

from __future__ import annotations

import re

from archdsl.diagnostics import Diagnostic
from archdsl.rendering import render
from archdsl.source import Source, Span
from tests.rendering.findings import made_up, placeless, real

COMMAND = re.compile(r"::(error|warning|notice) (\w+=[^:,]*,)*title=archdsl [EWP]\d{3}::[^\n\r]+\n")


def test_a_finding_is_one_command_at_its_place():
    source = Source("one\ntwo\n", "a.arch")
    found = Diagnostic("E999", "wrong", Span(source, 4, 7), needed="right", help="do")
    assert render([found], "github") == (
        "::error file=a.arch,line=2,endLine=2,col=1,endColumn=4,title=archdsl E999"
        "::wrong%0Aneeded: right%0Ahelp: do\n"
    )


def test_over_several_lines_columns_are_left_out():
    text = render([made_up()], "github")
    assert "line=1,endLine=2,title=archdsl W999" in text


def test_what_has_no_place_is_said_without_one():
    assert render([placeless()], "github") == "::notice title=archdsl E999::wrong\n"


def test_nothing_in_a_finding_ends_the_command_or_acts():
    text = render([made_up()], "github")
    assert COMMAND.fullmatch(text)
    assert "file=odd%3A 50%25%2C\\x1b[31m\\x0aname.arch," in text
    assert "::wrong: 50%25\\x0aor so \\x1b[31m%0A" in text


def test_every_real_finding_is_a_command():
    for found in real():
        assert COMMAND.fullmatch(render([found], "github"))
