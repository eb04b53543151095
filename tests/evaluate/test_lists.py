"""Lists of values: written out, indexed, gone through by `each`, taken apart row by row."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import pytest

import archdsl
from archdsl.cost.counts import params
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of
from archdsl.graph.nodes import Chain
from tests.evaluate.conftest import fitting, model, program
from tests.unjudged import UNJUDGED


def steps(evaluation: Any) -> tuple[Any, ...]:
    result = evaluation.graph.model.result
    return result.steps if isinstance(result, Chain) else (result,)


def widths(evaluation: Any) -> tuple[int, ...]:
    return tuple(step.op.channels for step in steps(evaluation) if hasattr(step.op, "channels"))


def params_of(text: str) -> int:
    (only,) = fitting(program(text))
    return params(only.graph)


def all_widths(expression: str, blocks: str = "") -> list[tuple[int, ...]]:
    return [widths(found) for found in fitting(program(model(expression, blocks)))]


def refused(expression: str, blocks: str = "") -> archdsl.Diagnostic:
    report = archdsl.check(model(expression, blocks), terms=UNJUDGED)
    assert not report.ok
    return report.diagnostics[0]


@pytest.mark.parametrize(
    ("value", "is_"),
    [
        ("[4, 6, 8][0]", 4),
        ("[4, 6, 8][-1]", 8),
        ("[4, 6, 8][1 + 1]", 8),
        ("[[4, 6], [8, 9]][1][0]", 8),
        ("len([4, 6, 8])", 3),
        ("len([])", 0),
        ("sum([4, 6, 8])", 18),
        ("sum([])", 0),
        ("min([4, 6, 3])", 3),
        ("max([4, 6, 3])", 6),
        ("x.shape[0]", 3),
        ("when([1, [2, 3]] == [1, [2, 3]], 1, else=2)", 1),
        ("when([1, 2] != [1, 2, 3], 1, else=2)", 1),
        ("when(all([1 < 2, 2 < 3]), 1, else=2)", 1),
        ("when(any([]), 1, else=2)", 2),
        ("when(x.shape == [3, 32, 32], 1, else=2)", 1),
        ('when(["a", "b"][1] == "b", 1, else=2)', 1),
    ],
)
def test_what_is_read_of_a_list(value: str, is_: int) -> None:
    assert all_widths(f"conv(20 + {value}, 1)") == [(20 + is_,)]


@pytest.mark.parametrize(
    ("expression", "code", "words"),
    [
        ("{ let w = [4, 6, 8] return conv(w[3], 1) }", "E237", "`w` has 3 items"),
        ("{ let w = [4, 6, 8] return conv(w[-4], 1) }", "E237", "-1 to -3"),
        ("conv([][0], 1)", "E237", "is empty"),
        ("{ let w = 4 return conv(w[0], 1) }", "E236", "found a number"),
        ("conv([4, 6][1.5], 1)", "E236", "whole number"),
        ("conv([4, 6][true], 1)", "E236", "true or false"),
        ("relu[0]", "E236", "is a layer"),
        ("conv(conv(3, 3)[0], 3)", "E236", "no items"),
        ("conv(len(4), 1)", "E228", "a list"),
        ("conv(len(4, 6), 1)", "E227", "`len([…, …])`"),
        ('conv(sum([4, "a"]), 1)', "E228", "found a text"),
        ("conv(min([]), 1)", "E228", "empty"),
        ("conv([4, 6], 1)", "E231", ""),
        ("conv(1 + [4, 6], 1)", "E225", "a list"),
        ("each(w = 4, conv(w, 1))", "E218", "found a number"),
        ("each(w = relu, conv(w, 1))", "E218", ""),
        ("each((c, n) = [[4, 1], [6, 2, 3]], n * conv(c, 1))", "E238", "the 2nd has 3"),
        ("each((c, n) = [4, 6], n * conv(c, 1))", "E238", "the 1st is a number"),
        ("each((c, c) = [[4, 1]], conv(c, 1))", "E207", "twice"),
        ("each(f = [conv(8, 3 | 5)], f)", "E210", "chooses"),
        ("{ let w = 8 return each(f = [conv(w, 3)], f) }", "E210", "reads names"),
        ("each(f = [residual(relu)], f)", "E210", "calls a block"),
        ("each(w = list(4, 6), conv(w, 1))", "E240", "[4, 6]"),
        ("each(w = pick(1, [4, 4]), conv(w, 1))", "E501", "offered twice"),
    ],
)
def test_what_a_list_does_not_do(expression: str, code: str, words: str) -> None:
    found = refused(expression)
    assert found.code == code
    assert words in f"{found.message} {found.needed} {found.help}"
    assert found.span is not None


def test_a_list_may_be_handed_to_blocks_be_a_default_and_stand_outside_the_model() -> None:
    blocks = "block tower(widths=[4, 6]) = each(w = widths, conv(w, 1))"
    assert all_widths("each(w = [2, 5], conv(w, 1))") == [(2, 5)]
    text = f"{blocks}\narch A {{ data image(3, 8, 8) let w = [2, 5] model = tower -> tower(w) }}"
    assert params_of(text) == sum(
        i * o + o for i, o in zip((3, 4, 6, 2), (4, 6, 2, 5), strict=True)
    )


def test_rows_are_taken_apart() -> None:
    rows = "[[4, 2, relu], [6, 1, gelu]]"
    text = model(f"each((c, n, act) = {rows}, n * (conv(c, 1) -> act))")
    assert params_of(text) == (3 * 4 + 4) + (4 * 4 + 4) + (4 * 6 + 6)
    table = "let rows = [[4, 2], [6, 1]] "
    assert all_widths(f"{{ {table} return each((c, n) = rows, n * conv(c, 1)) }}") == [(4, 4, 6)]


def test_layers_of_a_list_are_handed_to_blocks_and_applied() -> None:
    blocks = "block cell(act) = conv(4, 1) -> act"
    assert params_of(model("each(f = [relu, conv(5, 1)], cell(f))", blocks)) == (
        (3 * 4 + 4) + (4 * 4 + 4) + (4 * 5 + 5)
    )


def test_each_item_that_is_a_choice_is_one_wherever_the_list_is_read() -> None:
    body = "{ let w = [4 | 6, 8 | 10] return each(v = w, conv(v, 1)) -> each(v = w, conv(v, 1)) }"
    found = fitting(program(model(body)))
    assert [widths(one) for one in found] == [(a, b, a, b) for a, b in product((4, 6), (8, 10))]
    assert design_of(found[1]) == {"w.choice": 4, "w.choice_2": 10}


def test_two_calls_of_a_block_choose_the_items_of_its_list_for_themselves() -> None:
    blocks = "block two() { let w = [4, 6 | 8] return each(v = w, conv(v, 1)) }"
    assert len(fitting(program(model("two -> two", blocks)))) == 4
    assert archdsl.count(model("two -> two", blocks)).high == 4


def test_an_index_may_be_chosen() -> None:
    body = "{ let w = [4, 6, 8] let i = 0 to 2 return conv(w[i], 1) -> conv(w[-1 - i], 1) }"
    assert all_widths(body) == [(4, 8), (6, 6), (8, 4)]


@pytest.mark.parametrize(
    ("among", "expected"),
    [
        ("pick(2, w)", [(4, 6), (4, 8), (6, 8)]),
        ("permute(w)", list(permutations((4, 6, 8)))),
        ("pick(1 | 2, w[0 | 1], w[2])", None),
    ],
)
def test_items_are_picked_and_put_in_order(among: str, expected: Any) -> None:
    body = f"{{ let w = [4, 6, 8] return each(v = {among}, conv(v, 1)) }}"
    found = all_widths(body)
    assert found == expected if expected is not None else len(found) > 3
    assert archdsl.count(model(body)).high == len(found)


def test_what_is_picked_of_rows_is_called_by_its_row() -> None:
    body = "each((c, n) = pick(1, [[4, 1], [6, 2]]), n * conv(c, 1))"
    found = fitting(program(model(body)))
    assert [design_of(one) for one in found] == [{"each": "[4, 1]"}, {"each": "[6, 2]"}]


def test_numbers_and_truth_values_in_lists_are_told_apart() -> None:
    blocks = "block f(w) = when(w[0] == 1, conv(4, 1, bias=w[1]), else=relu)"
    text = model("f([1, true]) -> f([1, false]) -> f([1, true])", blocks)
    assert params_of(text) == (3 * 4 + 4) + 4 * 4 + (4 * 4 + 4)


def test_a_list_that_grows_without_end_is_refused_at_once() -> None:
    blocks = "function twice(w, n) = when(n == 0, w, else=twice([w, w], n - 1))"
    assert refused("conv(len(twice([1], 60)), 1)", blocks).code == "E611"


def test_a_list_as_in_the_first_version_is_mended() -> None:
    with pytest.raises(SpecError) as caught:
        program(model("each(w = list(4, 6), conv(w, 1))"))
    fix = caught.value.diagnostics[0].fix
    assert fix is not None
    assert fix.safe
