"""What expressions mean."""

from __future__ import annotations

from typing import Any

import pytest

from archdsl.cost import counts
from archdsl.cost.counts import params
from archdsl.graph.nodes import Chain, Repeat
from archdsl.types import Image, Vector


def test_layers_in_a_row_feed_each_other(evaluate: Any) -> None:
    graph = evaluate("conv(8, 3, stride=2) -> relu -> conv(16, 3)").graph
    assert graph.model.out == Image(16, 16, 16)
    assert counts.params(graph) == 8 * 27 + 8 + 16 * 72 + 16


def test_identity_leaves_no_step(evaluate: Any) -> None:
    result = evaluate("identity -> conv(8, 3) -> identity -> relu").graph.model.result
    assert isinstance(result, Chain)
    assert len(result.steps) == 2


def test_zero_copies_are_the_identity(evaluate: Any) -> None:
    assert evaluate("0 * conv(8, 3)").graph.model.out == Image(3, 32, 32)


def test_copies_have_weights_of_their_own(evaluate: Any) -> None:
    one = counts.params(evaluate("conv(3, 3)").graph)
    graph = evaluate("5 * conv(3, 3)").graph
    assert isinstance(graph.model.result, Repeat)
    assert counts.params(graph) == 5 * one


def test_copies_that_change_the_type_are_each_evaluated(evaluate: Any) -> None:
    assert evaluate("3 * conv(8, 3, stride=2)").graph.model.out == Image(8, 4, 4)


def test_each_counts_through_its_range(evaluate: Any) -> None:
    graph = evaluate("each(i = 1 to 3, conv(8 * 2 ^ i, 1))").graph
    assert counts.params(graph) == (16 * 3 + 16) + (32 * 16 + 32) + (64 * 32 + 32 + 32)


def test_a_merge_applies_each_argument_to_what_flows_in(evaluate: Any) -> None:
    graph = evaluate("conv(4, 1) -> concat(identity, conv(8, 3), conv(2, 1))").graph
    assert graph.model.out == Image(14, 32, 32)


def test_a_bound_tensor_ignores_what_flows_in(evaluate: Any) -> None:
    body = "{ let a = conv(8, 3) let b = a -> conv(8, 3) return b -> relu -> add(identity, a) }"
    assert evaluate(body).graph.model.out == Image(8, 32, 32)


def test_a_let_without_a_start_begins_at_the_input_of_its_body(evaluate: Any) -> None:
    body = "{ let a = conv(8, 3) let b = conv(8, 1) return add(a, b) }"
    assert counts.params(evaluate(body).graph) == 8 * 27 + 8 + 8 * 3 + 8


def test_a_tensor_used_twice_is_computed_and_counted_once(evaluate: Any) -> None:
    once = counts.params(evaluate("{ let a = conv(8, 3) return a }").graph)
    assert counts.params(evaluate("{ let a = conv(8, 3) return add(a, a) }").graph) == once


def test_a_let_that_reaches_nothing_costs_nothing(evaluate: Any) -> None:
    fragment = evaluate("{ let lost = conv(64, 3) return conv(8, 3) }").graph.model
    assert counts.params(fragment) == 8 * 27 + 8
    assert [binding.name for binding in fragment.dead] == ["lost"]


def test_when_evaluates_only_the_branch_it_takes(evaluate: Any) -> None:
    taken = evaluate("when(x.channels == 3, conv(8, 3), else=conv(8, 99, padding=0))")
    assert taken.graph.model.out == Image(8, 32, 32)


def test_when_without_else_is_the_identity(evaluate: Any) -> None:
    assert counts.params(evaluate("when(1 > 2, conv(8, 3))").graph) == 0


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 + 3 * 4", 14),
        ("2 ^ 3 ^ 1", 8),
        ("7 // 2", 3),
        ("7 % 4", 3),
        ("-3 + 8", 5),
        ("min(4, 9)", 4),
        ("max(4, 9)", 9),
        ("round(33, 8)", 32),
        ("ceil(7 / 2)", 4),
        ("floor(7 / 2)", 3),
        ("8 / 2", 4),
        ("0.5 * 16", 8),
        ("x.channels * 2", 6),
        ("x.height - x.width + 1", 1),
        ("when(any(1 > 2, not(1 > 2)), 5, else=6)", 5),
        ("when(all(1 > 2, 2 > 1), 5, else=6)", 6),
    ],
)
def test_values_compute(evaluate: Any, expression: str, value: int) -> None:
    assert evaluate(f"conv({expression}, 1)").graph.model.out == Image(value, 32, 32)


def test_a_block_is_a_function_of_what_flows_in(evaluate: Any) -> None:
    blocks = "block twice(width, kernel=3) = conv(width, kernel) -> conv(width, kernel)"
    by_place = counts.params(evaluate("twice(8)", blocks).graph)
    assert by_place == counts.params(evaluate("twice(kernel=3, width=8)", blocks).graph)


def test_a_default_may_read_the_parameters_before_it(evaluate: Any) -> None:
    blocks = "block b(width, hidden=2 * width) = conv(hidden, 1) -> conv(width, 1)"
    assert counts.params(evaluate("b(4)", blocks).graph) == counts.params(
        evaluate("b(4, 8)", blocks).graph
    )


def test_a_block_may_be_declared_below_a_call_that_leaves_its_default(evaluate: Any) -> None:
    blocks = "block outer(f=inner) = f -> inner  block inner(width=8, act=relu) = conv(width, 1)"
    assert params(evaluate("outer", blocks).graph) == 3 * 8 + 8 + 8 * 8 + 8


def test_a_block_takes_layers(evaluate: Any) -> None:
    blocks = "block residual(f, act=relu) = add(x, f) -> act"
    graph = evaluate("conv(8, 1) -> residual(conv(8, 3) -> gelu, act=silu)", blocks).graph
    assert counts.params(graph) == 32 + 8 * 72 + 8


def test_a_layer_argument_is_applied_anew_at_each_place(evaluate: Any) -> None:
    blocks = "block both(f) = f -> f"
    assert counts.params(evaluate("both(conv(3, 1))", blocks).graph) == 2 * 12


def test_a_layer_argument_can_read_tensors_of_the_caller(evaluate: Any) -> None:
    blocks = "block wrap(f) = wrapped(f)\nblock wrapped(f) = conv(8, 1) -> f"
    body = "{ let skip = conv(8, 3) return skip -> wrap(add(identity, skip)) }"
    fragment = evaluate(body, blocks).graph.model
    assert fragment.out == Image(8, 32, 32)
    assert {ref.name for ref in fragment.result.refs} == {"skip"}
    assert fragment.refs == frozenset()


def test_a_block_may_call_itself(evaluate: Any) -> None:
    blocks = "block down(n) = when(n > 0, conv(8, 3, stride=2) -> down(n - 1))"
    assert evaluate("down(3)", blocks).graph.model.out == Image(8, 4, 4)


def test_equal_calls_share_one_fragment(evaluate: Any) -> None:
    blocks = "block b(w) = conv(w, 3)"
    result = evaluate("b(3) -> b(3) -> b(3)", blocks).graph.model.result
    assert len({id(step.fragment) for step in result.steps}) == 1


def test_true_and_one_are_different_arguments(evaluate: Any) -> None:
    blocks = "block b(v) = when(v == 1, conv(8, 3, bias=true), else=conv(8, 3, bias=v))"
    result = evaluate("concat(b(1), b(false))", blocks).graph
    assert counts.params(result) == 2 * 8 * 27 + 8


def test_names_of_data_and_task_are_known_in_the_arch(evaluate: Any) -> None:
    from tests.evaluate.conftest import program

    text = "arch A { data tokens(16, vocab=99) task classify(7)"
    text += " model = embedding(vocab) -> mean_over -> linear(classes) }"
    evaluation = program(text).evaluate(lambda path, point: 0)
    assert evaluation.graph.model.out == Vector(7)
