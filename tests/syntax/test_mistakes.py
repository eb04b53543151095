"""Errors speak the language's own words, point at the place, and offer the edit that helps."""

from __future__ import annotations

import re

import pytest

from archdsl.rendering.fixed import applied
from archdsl.source import Source
from archdsl.syntax.bounds import Limits
from archdsl.syntax.mistakes import CODES
from archdsl.syntax.parser import parse_tolerant
from archdsl.syntax.tables import END, load_tables
from archdsl.syntax.words import KEYWORDS, terminal_words, wanted


def errors(text: str):
    return parse_tolerant(Source(text))[1]


def only(text: str):
    found = errors(text)
    assert len(found) == 1, [d.message for d in found]
    return found[0]


def in_arch(line: str) -> str:
    return f"arch Net {{\n  {line}\n}}\n"


def fixed(text: str) -> str:
    fix = only(text).fix
    assert fix is not None
    for edit in sorted(fix.edits, key=lambda e: -e.span.start):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


def test_a_dangling_arrow_asks_for_a_layer():
    error = only("arch Net {\n  let a = x ->\n  let b = 3\n}\n")
    assert (error.code, error.message) == ("E101", "expected a layer after `->`, found `let`")
    assert error.span.text == "->"


def test_a_missing_brace_points_at_its_opener():
    text = "arch Net {\n  model {\n    return x\n}\n"
    error = only(text)
    assert error.code == "E102"
    assert error.span.start == text.index("{", text.index("model"))


def test_a_missing_brace_before_the_next_item_points_at_its_opener():
    text = "block a() {\n  return x\n\nblock b() = x\n"
    error = only(text)
    assert (error.code, error.span.position) == ("E102", (1, 11))


def test_a_missing_parenthesis_points_at_its_opener_and_the_rest_is_still_read():
    text = "arch Net {\n  model = add(a,\n  let b = 1 1\n}\n"
    found = errors(text)
    assert [d.code for d in found] == ["E102", "E101"]
    assert found[0].span.start == text.index("(")


def test_several_errors_are_reported_in_one_run():
    text = "block a() = x ->\nblock b( = 3\narch Net {\n  modle = x\n  let c = 1 + \n"
    text += "  let d = 'x'\n}\n"
    assert [d.code for d in errors(text)] == ["E101", "E101", "E104", "E101", "E107"]


def test_one_mistake_is_one_error_when_a_block_stands_inside_an_arch():
    assert (
        only("arch Net {\n  block b() = x\n  model = x\n}\n").message == "`block` cannot stand here"
    )


def test_a_tolerant_parse_keeps_what_can_be_read():
    file, found = parse_tolerant(Source("block a() = 1 +\nblock b() = x\n"))
    assert len(found) == 1
    assert file is not None
    assert [item.name.id for item in file.items] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "keyword"),
    [
        ("modle = x", "model"),
        ("lett a = 3", "let"),
        ("requier a <= 3", "require"),
        ("minimise params", "minimize"),
        ("trian sgd()", "train"),
        ('alow a because "b"', "allow"),
    ],
)
def test_a_misspelt_keyword_is_recognised_and_fixed(line, keyword):
    text = in_arch(line)
    error = only(text)
    assert (error.code, error.help) == ("E104", f"did you mean `{keyword}`?")
    assert errors(fixed(text)) == ()


def test_a_misspelt_return_is_recognised_behind_an_expression():
    error = only("block a() {\n  let b = x\n  retrun b\n}\n")
    assert (error.code, error.help) == ("E104", "did you mean `return`?")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("let a == 3", "E105"),
        ("require params = 3", "E105"),
        ("let a = 3;", "E105"),
        ("let a = x => relu", "E105"),
        ("let a = add(x, y => relu)", "E105"),
        ("let a = 2 ** 3", "E105"),
        ("let a = 3 // half of it", "E105"),
        ("let a = 'text'", "E107"),
        ('let a = "text', "E107"),
        ("let a = “text”", "E108"),
        ("let a = x → relu", "E108"),
        ("let \u0430 = 3", "E108"),
        ("require memory(training) <= 24 gb", "E109"),
        ("require latency(a) <= 3 sec", "E109"),
        ("model = conv(64 3)", "E106"),
        ("model = when(a, b, else c)", "E101"),
        ("model = when(a, b, else: c)", "E101"),
        ("model = f(x]", "E103"),
        ("model = f(x", "E102"),
        ("model {return(x)}", "E104"),
    ],
)
def test_a_slip_has_its_code_and_a_fix_that_leaves_it_behind(line, code):
    text = in_arch(line)
    assert errors(text)[0].code == code
    again = errors(apply_first(text))
    assert len(again) < len(errors(text)) or again[0].span != errors(text)[0].span


def apply_first(text: str) -> str:
    return applied(text, errors(text)[0].fix.edits)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (in_arch("let a = b && c"), "all(a, b)"),
        (in_arch("let a = b || c"), "any(a, b)"),
        (in_arch("let a = b and c"), "all(a, b)"),
        (in_arch("let a = not b"), "not(a)"),
        (in_arch("let a = if b"), "when(condition"),
        (in_arch("let a = 1 < 2 < 3"), "all(a < b"),
        (in_arch("for i in 3 { }"), "each("),
        ("def f(x):\n  return x\n", "block name"),
        ("import torch\n", 'use "path.arch"'),
        ("class Net:\n  pass\n", "block name"),
        ("arch Net:\n  model = x\n", "{ }"),
    ],
)
def test_a_spelling_from_another_language_is_told_the_one_used_here(text, words):
    assert words in errors(text)[0].help


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (in_arch("let a ="), "expected a value after `=`, found `}`"),
        (in_arch("let a = b |"), "expected another choice after `|`, found `}`"),
        (in_arch("let a = 2 to"), None),
        (in_arch("let 3 = a"), "expected a name after `let`, found `3`"),
        (in_arch("allow deep"), "`deep` is allowed without a reason"),
        (in_arch("train sgd"), "expected `(` after `sgd`, found `}`"),
        (in_arch("model"), "expected `{` or `=` after `model`, found `}`"),
        (in_arch("require"), None),
        ("use blocks", "the path of a file stands in quotes"),
        ("block f( = 3", "expected `)` or a name after `(`, found `=`"),
        ("x", "expected `arch`, `block` or another item, found `x`"),
        ("}", "`}` closes nothing"),
        ("data image(3)", "`data` cannot stand here"),
        ("arch", "`arch` stands alone at the end of the file"),
    ],
)
def test_a_message_says_what_was_expected_and_what_was_found(text, message):
    found = only(text).message
    assert message is None or found == message


def test_every_code_of_an_error_is_in_the_table_of_codes():
    assert all(re.fullmatch(r"E1\d\d", code) and meaning for code, meaning in CODES.items())


def test_no_more_than_the_bounded_number_of_errors_is_reported():
    text = "".join(f"block b{i}() = ->\n" for i in range(100))
    _, found = parse_tolerant(Source(text), Limits(errors=5))
    assert [d.code for d in found] == ["E101"] * 5 + ["E126"]


def test_no_message_ever_names_a_terminal():
    tables = load_tables()
    names = [*tables.terminals, END, "Token(", "__"]
    texts = [terminal_words(terminal) for terminal in tables.terminals if terminal != "COMMENT"]
    for state in range(len(tables.states)):
        symbols = frozenset(s for s in tables.states[state] if s in tables.terminals or s == END)
        if symbols:
            texts += [wanted(symbols, previous, "") for previous in ("", *tables.terminals)]
            texts += [wanted(frozenset([symbol]), "", "x") for symbol in symbols]
    for text in texts:
        assert text
        assert not [name for name in names if name in re.sub(r"`[^`]*`", "", text)], text


def test_every_keyword_of_the_grammar_has_its_word():
    for terminal, regex in load_tables().terminals.items():
        if terminal.startswith("_") and not terminal.startswith("__"):
            assert regex.startswith(KEYWORDS[terminal])
        elif terminal not in ("WS", "COMMENT"):
            assert terminal_words(terminal) != "text", terminal


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("let w = 16 to 256 log f", "let w = 16 to 256 log (f)"),
        ("let w = 16 to 256 log by 2", "let w = 16 to 256 log  2"),
        ("let w = f(16 to 256 log base, 3)", "let w = f(16 to 256 log (base), 3)"),
    ],
)
def test_the_factor_of_a_log_range_is_a_number_or_in_parentheses(line, mended):
    error = only(in_arch(line))
    assert (error.code, error.needed) == ("E101", "`16 to 256 log 2`")
    assert fixed(in_arch(line)) == in_arch(mended)


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("let a = conv(width: 16)", "let a = conv(width=16)"),
        ("let a = f(1, width :16, 3)", "let a = f(1, width=16, 3)"),
        ("let a = when(b, c, else: conv(3) -> relu)", "let a = when(b, c, else=conv(3) -> relu)"),
    ],
)
def test_a_name_for_an_option_that_is_meant_for_an_argument(line, mended):
    error = only(in_arch(line))
    assert error.code == "E101"
    assert fixed(in_arch(line)) == in_arch(mended)


def test_a_name_for_one_option_alone_is_told():
    error = only(in_arch("let a = small: 16\n  let b = 3"))
    assert error.message == "`small:` names an option, and there is no other to choose from"
    assert (error.span.text, error.fix) == ("small:", None)


def test_a_log_range_ends_where_the_next_statement_starts():
    assert errors(in_arch("let a = 1e-4 to 1e-1 log\n  let logs = log\n  model = log")) == ()
