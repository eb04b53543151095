"""Diagnostics as people read them."""

from __future__ import annotations

import re

import pytest

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label, Severity
from archdsl.rendering import known_formats, render
from archdsl.source import Source, Span


def span(source: Source, text: str) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


def full(source: Source, text: str, **more) -> str:
    return render([Diagnostic("E301", "it does not fit", span(source, text), **more)])


def test_a_finding_shows_its_line_with_carets():
    source = Source("arch A {\n  model = conv(64, 7)\n}\n", "a.arch")
    shown = full(source, "conv(64, 7)", label="here", needed="a smaller kernel", help="use 3")
    assert shown == (
        "error[E301]: it does not fit\n"
        " --> a.arch:2:11\n"
        "  |\n"
        "2 |   model = conv(64, 7)\n"
        "  |           ^^^^^^^^^^^ here\n"
        "  |\n"
        "  = needed: a smaller kernel\n"
        "  = help: use 3\n"
        "\n"
    )


def test_the_calls_that_led_there_follow_innermost_first():
    source = Source("block b() = conv(0)\nmodel = b()\n", "a.arch")
    library = Source("block c() = b()\n", "c.arch")
    trail = (Label(span(source, "model = b()"), "in b"), Label(span(library, "b()"), "in c"))
    shown = full(source, "conv(0)", trail=trail)
    assert shown.index("^^^^^^^") < shown.index("----------- in b") < shown.index("in c")
    assert "::: c.arch:1:" in shown


def test_a_long_way_is_cut_in_the_middle():
    source = Source("deep call\n", "a.arch")
    trail = tuple(Label(span(source, "call"), f"call {number}") for number in range(40))
    shown = full(source, "deep", trail=trail)
    assert "call 3" in shown
    assert "call 20" not in shown
    assert "and 35 calls between" in shown
    assert "call 39" in shown


def test_a_second_place_that_is_the_first_is_not_shown_twice():
    source = Source("deep\n", "a.arch")
    shown = full(source, "deep", trail=(Label(span(source, "deep"), "in this call"),))
    assert shown.count("1 | deep") == 1


def test_a_change_far_along_a_long_line_is_seen():
    source = Source(f"{'conv -> ' * 60}rlu -> conv\n", "a.arch")
    shown = full(source, "rlu", fix=Fix("write relu", (Edit(span(source, "rlu"), "relu"),)))
    old, new = shown.rstrip().splitlines()[-2:]
    assert old.startswith("1 - …")
    assert "rlu -> conv" in old
    assert "relu -> conv" in new
    assert max(len(old), len(new)) <= 104


def test_a_line_that_a_fix_takes_away_is_shown_alone():
    source = Source("one\ntwo\nthree\n", "a.arch")
    shown = full(source, "two", fix=Fix("drop it", (Edit(span(source, "two\n"), ""),), safe=True))
    assert "= fix: drop it\n2 - two\n\n" in shown


def test_a_fix_shows_the_lines_before_and_after():
    source = Source("a\nlinear(11) -> linear(12)\n", "a.arch")
    edits = (Edit(span(source, "11"), "10"), Edit(span(source, "12"), "1\n2"))
    shown = full(source, "11", fix=Fix("write 10", edits))
    assert "= unsafe fix: write 10\n" in shown
    assert "2 - linear(11) -> linear(12)\n2 + linear(10) -> linear(1\n3 + 2)\n" in shown


def test_several_lines_show_the_first_and_the_last():
    source = Source("a {\n  b\n  c\n  d }\n", "a.arch")
    shown = full(source, source.text.rstrip(), label="this")
    assert "1 | a {\n  | ^^^\n...\n4 |   d }\n  |   ^^^ this\n" in shown


def test_an_error_at_the_end_points_behind_the_last_character():
    source = Source("arch A {\n\n", "a.arch")
    shown = render([Diagnostic("E101", "no end", Span(source, 10, 10))])
    assert "1 | arch A {\n  |         ^\n" in shown


def test_an_empty_source_can_be_pointed_at():
    shown = render([Diagnostic("E101", "nothing", Span(Source("", "a.arch"), 0, 0))])
    assert "1 |\n  | ^\n" in shown


def test_a_finding_without_a_place_has_no_excerpt():
    assert render([Diagnostic("E5", "no", needed="yes")]) == "error[E5]: no\n  = needed: yes\n\n"


def underlined(shown: str) -> str:
    """The characters above the carets (each one column wide)."""
    line, carets = re.search(r"\| (.*)\n *\| ( *\^+)", shown).groups()
    return line[carets.index("^") : len(carets)]


def test_carets_stand_below_the_text_after_tabs():
    assert underlined(full(Source("\tmodel\t= BAD\n"), "BAD")) == "BAD"


def test_wide_characters_take_two_carets_each():
    source = Source("a = \u6f22\u5b57 + b\n")
    assert "  |     ^^^^\n" in full(source, "\u6f22\u5b57")
    assert "  |          ^^^\n" in full(source, "+ b")


@pytest.mark.parametrize("before", [0, 10, 95, 300, 10_000])
@pytest.mark.parametrize("after", [0, 10, 300])
def test_a_long_line_is_shown_around_its_caret(before, after):
    shown = full(Source("x" * before + "BAD" + "y" * after + "\nnext\n"), "BAD")
    assert underlined(shown) == "BAD"
    assert max(map(len, shown.splitlines())) < 120


def test_a_span_longer_than_a_line_can_show_is_cut():
    shown = full(Source("z" * 5000), "z" * 4000)
    assert max(map(len, shown.splitlines())) < 120


HOSTILE = {
    "an escape sequence": "\x1b[31mred",
    "a carriage return": "good\rbad",
    "a bidi override": "a\u202eb",
    "a bidi isolate": "a\u2066b",
    "a zero-width space": "a\u200bb",
    "a backspace": "a\x08b",
    "a C1 control": "a\x9b31mb",
    "a line separator": "a\u2028b",
    "a lone surrogate": "a\udc80b",
    "a private character": "a\ue000b",
    "a NUL": "a\0b",
    "a tag character": "a\U000e0041b",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("format", known_formats())
def test_nothing_in_a_spec_reaches_the_terminal_raw(text, format):
    source = Source(f"{text} {text}\n", f"{text}.arch")
    place = Span(source, 0, len(text))
    found = Diagnostic(
        "E1",
        text,
        place,
        label=text,
        needed=text,
        trail=(Label(place, text),),
        notes=(text,),
        help=text,
        fix=Fix(text, (Edit(place, text),)),
    )
    shown = render([found], format)
    assert all(line.isprintable() for line in shown.split("\n")), ascii(shown)
    shown.encode()


def test_severities_have_their_names():
    for severity in Severity:
        shown = render([Diagnostic("X1", "so", severity=severity)], "concise")
        assert shown == f"{severity.value}[X1] so\n"


def test_concise_is_one_line_with_the_place():
    source = Source("a\nbad\n", "dir/a.arch")
    found = Diagnostic("E1", "wrong", span(source, "bad"), help="right")
    assert render([found], "concise") == "dir/a.arch:2:1: error[E1] wrong (right)\n"


def test_an_unknown_format_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="concise, full, github, json, sarif"):
        render([], "yaml")
