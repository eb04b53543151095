"""What the syntax means: precedence, units, spans, comments."""

from __future__ import annotations

import pytest

from archdsl.diagnostics import SpecError
from archdsl.source import Source
from archdsl.syntax import nodes
from archdsl.syntax.format import expression_text
from archdsl.syntax.parser import parse


def value(text: str):
    (block,) = parse(Source(f"block f() = {text}")).items
    return block.body.result


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("1 + 2 * 3", ("+", "1", "2 * 3")),
        ("1 - 2 - 3", ("-", "1 - 2", "3")),
        ("2 ^ 3 ^ 4", ("^", "2", "3 ^ 4")),
        ("2 ^ -1", ("^", "2", "-1")),
        ("-2 * 3", ("*", "-2", "3")),
    ],
)
def test_operators_bind_as_in_arithmetic(text, grouped):
    node = value(text)
    assert isinstance(node, nodes.Binary)
    assert (node.operator, expression_text(node.left), expression_text(node.right)) == grouped


def test_a_sign_binds_weaker_than_a_power():
    assert isinstance(value("-x ^ 2"), nodes.Negation)


def test_a_choice_binds_tighter_than_an_arrow():
    flow = value("conv(3) -> relu | gelu -> linear(4)")
    assert isinstance(flow, nodes.Flow)
    assert [type(step) for step in flow.steps] == [nodes.Call, nodes.Choice, nodes.Call]


def test_a_flow_in_parentheses_stays_a_step_of_its_own():
    flow = value("(a -> b) -> c")
    assert [type(step) for step in flow.steps] == [nodes.Flow, nodes.Name]


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("24 GiB", 24, "GiB"),
        ("1.5M", 1.5, "M"),
        ("1_281_167", 1281167, None),
        ("3e-4", 3e-4, None),
        ("30ms", 30, "ms"),
        ("007", 7, None),
    ],
)
def test_a_number_has_its_value_unit_and_spelling(text, number, unit):
    node = value(text)
    assert (node.value, node.unit) == (number, unit)
    assert type(node.value) is type(number)
    assert text.startswith(node.text)


def test_a_keyword_is_a_name_inside_an_expression():
    node = value("f(to=let, else=model)")
    assert [a.name for a in node.arguments] == ["to", "else"]


def test_a_keyword_may_end_its_line():
    file = parse(Source("block f()\n{\n  return\n    x\n}\narch A { model{ return x } }"))
    assert len(file.items) == 2


def test_a_span_covers_the_text_of_its_node():
    text = "block f(a, b=2) = x -> conv(a, 3, bias=false)"
    (block,) = parse(Source(text)).items
    assert block.span.text == text
    assert block.parameters[1].span.text == "b=2"
    assert block.body.result.steps[1].arguments[2].span.text == "bias=false"


def test_comments_are_kept_in_order():
    file = parse(Source("# one\nblock f() = # two\n x # three"))
    assert [comment.text for comment in file.comments] == ["# one", "# two", "# three"]


def test_an_empty_source_is_an_empty_file():
    assert parse(Source("")).items == ()
    assert parse(Source(" \n# only this\n")).items == ()


def test_a_broken_source_raises_every_certain_error_at_once():
    with pytest.raises(SpecError) as caught:
        parse(Source("block a() = ->\nblock b() = ->\n"))
    assert len(caught.value.diagnostics) == 2
