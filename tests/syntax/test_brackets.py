"""Lists, indices, unpacked rows and functions as they are read, and the slips made with them."""

import pytest

from archdsl.diagnostics import SpecError
from archdsl.rendering.fixed import applied
from archdsl.source import Source
from archdsl.syntax import nodes
from archdsl.syntax.format import format_source
from archdsl.syntax.parser import parse
from archdsl.syntax.text import expression_text


def in_arch(clause):
    return f"arch Net {{\n  {clause}\n}}\n"


def value_of(text):
    (arch,) = parse(Source(in_arch(f"let a = {text}"))).items
    return arch.items[0].value


def errors(text):
    try:
        parse(Source(text))
    except SpecError as error:
        return error.diagnostics
    return ()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("[1,2,3,]", "[1, 2, 3]"),
        ("[ ]", "[]"),
        ("[[1, 16], [6, 24]]", "[[1, 16], [6, 24]]"),
        ("rows [2] [ -1 ]", "rows[2][-1]"),
        ("(a + b)[0]", "(a + b)[0]"),
        ("(f(3))[i + 1] ^ 2", "f(3)[i + 1] ^ 2"),
        ("-x[0]", "-x[0]"),
        ("each((c, n) = rows, n * conv(c, 3))", "each((c, n) = rows, n * conv(c, 3))"),
        ("[a | b, 1 to 3, c == d]", "[a | b, 1 to 3, c == d]"),
    ],
)
def test_an_expression_has_one_spelling(text, same):
    assert expression_text(value_of(text)) == same
    assert expression_text(value_of(same)) == same


def test_an_index_binds_tighter_than_a_power_and_a_sign():
    negation = value_of("-w[1] ^ 2")
    assert isinstance(negation, nodes.Negation)
    assert isinstance(negation.operand.left, nodes.Index)


def test_a_table_that_fits_on_no_line_has_a_row_on_each_with_aligned_columns():
    rows = ", ".join(f'[{t}, {c}, "kind {c}", -{n}]' for t, c, n in [(1, 16, 1), (6, 320, 22)] * 3)
    text = format_source(in_arch(f"let rows = [{rows}]"))
    assert text == (
        "arch Net {\n"
        '  let rows = [[1,  16, "kind 16",   -1],\n'
        '              [6, 320, "kind 320", -22],\n'
        '              [1,  16, "kind 16",   -1],\n'
        '              [6, 320, "kind 320", -22],\n'
        '              [1,  16, "kind 16",   -1],\n'
        '              [6, 320, "kind 320", -22]]\n'
        "}\n"
    )
    assert format_source(text) == text


def test_comments_of_rows_stay_beside_them():
    text = (
        "arch Net {\n"
        "  let rows = [[1,  16],  # the stem\n"
        "              [6, 320]]  # the head\n"
        "  # and the rest\n"
        "  let a = 1\n"
        "}\n"
    )
    assert format_source(text) == text


def test_a_comment_within_a_row_keeps_its_place():
    text = format_source("arch Net {\n  let rows = [[1, # one\n 16], [6, 320]]\n}\n")
    assert "# one" in text
    assert format_source(text) == text


def test_a_function_and_a_version_have_one_layout():
    text = "language 0.2\nfunction f(v,by=8)=max(v,by)\n"
    text += 'function g(v){let a=v require a>0,"no" return a}'
    made = format_source(text)
    assert made == (
        "language 0.2\nfunction f(v, by=8) = max(v, by)\nfunction g(v) {\n  let a = v\n"
        '  require a > 0, "no"\n  return a\n}\n'
    )
    assert format_source(made) == made


@pytest.mark.parametrize(
    ("clause", "code"),
    [
        ("let a = [1, 2", "E102"),
        ("let a = [1, 2)", "E103"),
        ("let a = (1 + 2]", "E103"),
        ("let a = [1 2]", "E106"),
        ("let a = rows[1, 2]", "E105"),
        ("model = each((c, n) in rows, conv(c, 3))", "E105"),
        ("model = each(c in rows, conv(c, 3))", "E105"),
        ("model = conv(8, (h, w))", "E105"),
    ],
)
def test_a_slip_has_its_code_and_a_fix_that_leaves_it_behind(clause, code):
    found = errors(in_arch(clause))[0]
    assert found.code == code
    assert not errors(applied(in_arch(clause), found.fix.edits))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (in_arch("let a = widths[1:3]"), "E105"),
        (in_arch("let a = []]"), "E103"),
        ("arch Net { }\nlanguage 0.2\n", "E101"),
        ("language 0.3\narch Net { \n", "E128"),
        ("# from the future\n\nlanguage\n 12.0\nnobody knows what follows", "E128"),
        ("language 2\narch Net { ]\n", "E128"),
        (in_arch("function f(v) = v"), "E101"),
    ],
)
def test_what_cannot_be_read_is_told(text, code):
    assert errors(text)[0].code == code


@pytest.mark.parametrize("version", ["0.1", "0.2", "0.0"])
def test_versions_up_to_that_of_today_are_read(version):
    (language,) = parse(Source(f"# top\nlanguage {version}  # that\n")).items
    assert language.version.text == version


def test_names_of_new_keywords_are_as_free_as_before():
    assert not errors(in_arch("let function = 1\n  let language = function\n  let list = language"))
