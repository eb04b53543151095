"""What people write out of habit, told with what to write: each fix mends the spec."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.fixing import Fixing
from tests.unjudged import UNJUDGED

MODEL = "arch A {{ data image(3, 32, 32) task classify(3, per=pixel) model {} }}"
MENDED = {
    "{ let y = conv(3, 3) return y + x }": "{ let y = conv(3, 3) return add(y, x) }",
    "{ let y = conv(3, 3) return y * x }": "{ let y = conv(3, 3) return mul(y, x) }",
    "{ let y = conv(3, 3) return y + x -> relu }": (
        "{ let y = conv(3, 3) return add(y, x) -> relu }"
    ),
    "= residual(conv(3, 3) + relu)": "= residual(add(conv(3, 3), relu))",
    "= conv(3, (3, 5))": "= conv(3, size(3, 5))",
    "= conv(3, kernel=(3, 5))": "= conv(3, kernel=size(3, 5))",
    "= residual(conv(3, 3)) * 4": "= 4 * residual(conv(3, 3))",
    "= residual(conv(3, 3)) * (1 + 1)": "= (1 + 1) * residual(conv(3, 3))",
    "{ let y = conv(3, 3) return relu(y) }": "{ let y = conv(3, 3) return y -> relu }",
    "= relu(conv(3, 3))": "= conv(3, 3) -> relu",
    "= dropout(p=0.5, inplace=true) -> conv(3, 3)": "= dropout(rate=0.5) -> conv(3, 3)",
    "= conv(8, 3) -> to_sequence -> linear(8, 3) -> to_image(32, 32)": (
        "= conv(8, 3) -> to_sequence -> linear(3) -> to_image(32, 32)"
    ),
    "= conv(3, 3) relu": "= conv(3, 3) -> relu",
    "{ return conv(3, 3)\n relu }": "{ return conv(3, 3) ->\n relu }",
    "{ conv(3, 3) }": "{ return conv(3, 3) }",
    "{ let y = conv(3, 3)\n y -> relu }": "{ let y = conv(3, 3)\n return y -> relu }",
    "{ let y = conv(3, 3) }": "{ let y = conv(3, 3)\nreturn y }",
    "{\n y = conv(3, 3) return y }": "{\n let y = conv(3, 3) return y }",
    "= when(classes == 3, relu, conv(3, 3))": "= when(classes == 3, relu, else=conv(3, 3))",
    "= conv(targets, 3)": "= conv(classes, 3)",
}


@pytest.mark.parametrize(("written", "right"), MENDED.items())
def test_a_fix_writes_what_is_meant(written, right):
    text, meant = MODEL.format(written), MODEL.format(right)
    assert archdsl.check(meant, terms=UNJUDGED).ok
    fixed = Fixing(unsafe=True, terms=UNJUDGED).run(text)
    assert (fixed.text, fixed.report.ok) == (meant, True)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("choice(8, 16)", "`a | b | c`"),
        ("range(8, 16)", "`16 to 64 by 16`"),
        ("uniform(8, 16)", "`0.0 to 0.5`"),
        ("repeat(4, relu)", "`4 * layer`"),
        ("Sequential(relu, relu)", "`->`"),
    ],
)
def test_calls_of_other_worlds_lead_to_forms(written, told):
    (found,) = archdsl.check(MODEL.format(f"= {written} -> conv(3, 3)")).diagnostics
    assert found.code == "E202"
    assert told in found.help


def test_a_name_that_the_task_cannot_give_is_told_with_why():
    text = "arch A { data image(3, 32, 32) task next_token() model = linear(classes) }"
    (found,) = archdsl.check(text).diagnostics
    assert (found.code, found.message) == ("E201", "nothing here is called `classes`")
    assert found.help == "`next_token()` needs tokens, the data is a 3×32×32 image"


def test_all_arguments_that_do_not_exist_are_told_at_once():
    found = archdsl.check(MODEL.format("= conv(3, kernel_size=3, strides=1)")).diagnostics
    assert [(d.code, d.help) for d in found] == [
        ("E204", "`kernel_size` is called `kernel` here"),
        ("E204", "`strides` is called `stride` here"),
    ]


def test_an_op_is_named_once_in_what_is_told_of_it():
    (found,) = archdsl.check(MODEL.format("= linear(3)")).diagnostics
    assert found.message == "linear cannot take an image (3×32×32)"


@pytest.mark.parametrize(
    ("written", "code", "told"),
    [
        ("{ let y = conv(3, 3) return y - x }", "E225", "subtract(y, x)"),
        ("{ let y = conv(3, 3) return y - x -> relu }", "E225", "subtract(y, x)"),
        ("{ let y = conv(3, 3) return y / x }", "E225", "divide(y, x)"),
        ("{ let y = conv(3, 3) return y * 2 }", "E225", "y -> scale(2)"),
        ("{ let y = conv(3, 3) return y * -2 }", "E225", "y -> scale(-2)"),
        ("{ let y = conv(3, 3) return y / 2 }", "E225", "y -> scale(1 / 2)"),
        ("{ let y = conv(3, 3) return y + 0.5 }", "E225", "y -> shift(0.5)"),
        ("{ let y = conv(3, 3) return y - 0.5 }", "E225", "y -> shift(-0.5)"),
        ("{ let y = conv(3, 3) return y - -2 }", "E225", "y -> shift(2)"),
        ("{ let y = conv(3, 3) return y ^ 2 }", "E225", "y -> pow(2)"),
        ("{ let y = conv(3, 3) return 1 - y }", "E225", "subtract(constant(1), y)"),
        ("{ let y = conv(3, 3) return 1 / y }", "E225", "divide(constant(1), y)"),
        ("{ let y = conv(3, 3) return add(x, 0.17 * y) }", "E229", "y -> scale(0.17)"),
    ],
)
def test_arithmetic_on_tensors_points_to_ops_that_do_it(written, code, told):
    (found,) = archdsl.check(MODEL.format(written)).diagnostics
    assert found.code == code
    assert f"`{told}`" in found.help
    wrong = found.span.text
    assert archdsl.check(MODEL.format(written.replace(wrong, told)), terms=UNJUDGED).ok


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("= conv(3, 3) -> F.relu", "`relu` stands alone here"),
        ("= permute(0, 2, 3, 1)", "`transpose(height, width)`"),
        ("= conv(3, 3) -> unsqueeze(1)", "`unsqueeze` is PyTorch's name for `reshape`"),
        ("= conv(3, 3) // stem", "a comment: that is `#`"),
        ("= to_sequence -> gpt_block(num_heads=3)", "`num_heads` is called `heads` here"),
        ("= to_sequence -> gpt_block(3, dropout=0.2)", "`dropout` is called `drop` here"),
        ("= to_sequence -> gpt_block(nhead=3)", "`nhead` is called `heads` here"),
        ("= to_sequence -> gpt_block(3, d_model=3)", "leave `d_model` out"),
        ("= to_sequence -> mlp(hidden_dim=8)", "`hidden_dim` is called `hidden` here"),
        ("= conv_bn_act(3, kernel_size=3)", "`kernel_size` is called `kernel` here"),
    ],
)
def test_habits_of_other_libraries_are_told_what_to_write_here(written, told):
    first = archdsl.check(MODEL.format(written)).diagnostics[0]
    assert told in first.help


def test_x_is_told_to_be_what_came_into_the_body_and_not_what_flows_in():
    text = MODEL.format("= conv(8, 3) -> conv(16, 3, groups=x.channels) -> conv(3, 3)")
    (found,) = archdsl.check(text, terms=UNJUDGED).diagnostics
    assert found.message == "conv: groups=3 does not divide 8 channels; 2 or 4 do"
    assert found.help == "`x` is what came into this body; what flows in here has 8 channels"


def test_attention_among_all_nodes_of_a_graph_is_told_what_reads_along_edges():
    data = "data graph(8, nodes=10, edges=20)"
    (found,) = archdsl.check(f"arch A {{ {data} model = attention(2) }}").diagnostics
    assert (found.code, found.help.split(":")[0]) == ("E301", "nodes read each other along edges")


def test_names_of_other_tasks_lead_to_the_one_of_this_task():
    data = "data tokens(32, 100)"
    (found,) = archdsl.check(
        f"arch A {{ {data} task next_token() model = embedding(16) -> linear(classes) }}"
    ).diagnostics
    assert found.help == "the task is `next_token`: what it predicts is called `vocab`"
    assert found.fix.edits[0].replacement == "vocab"
    (found,) = archdsl.check(f"arch A {{ {data} model = embedding(classes) }}").diagnostics
    assert "task classify(10)" in found.help


def test_a_clause_without_parentheses_and_a_second_one_are_mended():
    text = "arch A { data tokens(9, 9) task next_token model = embedding(4) -> linear(vocab) }"
    assert Fixing(unsafe=True, principles=False).run(text).report.ok
    text = MODEL.format("= conv(3, 3)").replace("task", "data image(3, 8, 8) task", 1)
    (found,) = archdsl.check(text).diagnostics
    assert (found.code, found.fix.title) == ("E420", "delete the second one")
    assert Fixing(unsafe=True, principles=False).run(text).report.ok


def test_a_when_that_gives_a_value_says_how_to_go_on():
    (found,) = archdsl.check(MODEL.format("= conv(when(classes == 3, 3), 3)")).diagnostics
    assert (found.code, found.help) == (
        "E216",
        "say what it is then: `when(classes == 3, 3, else=…)`",
    )
