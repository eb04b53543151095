"""Choices: their paths, and what is chosen once."""

from __future__ import annotations

from typing import Any

import pytest

from archdsl.cost import counts
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of, sampler
from tests.designs import evaluate_design
from tests.evaluate.conftest import model, program

BLOCKS = """
block unit(width, kernel) = conv(width, kernel) -> (relu | gelu)
block pair(f) = f -> f
block chosen(kernel=3 | 5, act=relu | gelu) = conv(4, kernel) -> act
shared block cell(width) = conv(width, 3 | 5)
"""


def paths(expression: str) -> list[str]:
    return list(design_of(program(model(expression, BLOCKS)).evaluate(lambda *_: 0)))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("conv(8, 3 | 5)", ["conv.kernel"]),
        ("conv(8 | 16, 3 | 5)", ["conv.channels", "conv.kernel"]),
        ("conv(8, 3 | 5) -> conv(8, 3 | 5)", ["conv.kernel", "conv_2.kernel"]),
        ("relu | gelu", ["model"]),
        ("unit(8, 3 | 5)", ["unit.kernel", "unit.choice"]),
        ("2 * unit(3, 3 | 5)", ["unit.kernel", "unit.choice"]),
        ("each(i = 1 to 2, conv(8, 3 | 5))", ["each.1.conv.kernel", "each.2.conv.kernel"]),
        ("cell(8) -> cell(4)", ["cell.conv.kernel"]),
        ("pair(conv(3, 3 | 5))", ["pair.f.conv.kernel", "pair.f_2.conv.kernel"]),
        ("chosen -> chosen(5)", ["chosen.kernel", "chosen.act", "chosen_2.act"]),
        ("(1 to 3) * conv(3, 1)", ["copies"]),
        ("conv(4, 1) -> add(pick(2, relu, gelu, silu))", ["pick"]),
        ("{ let a = unit(8, 3 | 5) return a }", ["a.unit.kernel", "a.unit.choice"]),
        ("{ let k = 3 | 5 return conv(8, k) -> conv(8, k) }", ["k"]),
        ("{ let act = x -> (relu | gelu) return act }", ["act"]),
    ],
)
def test_a_choice_is_called_after_where_it_stands(expression: str, expected: list[str]) -> None:
    assert paths(expression) == expected


def test_a_let_outside_bodies_is_chosen_once() -> None:
    text = "arch A { data image(3, 8, 8) let act = relu | gelu let w = 4 | 8"
    text += " model = conv(w, 3) -> act -> conv(w, 3) -> act }"
    assert list(design_of(program(text).evaluate(lambda *_: 1))) == ["w", "act"]


def test_choices_of_a_branch_not_taken_do_not_exist() -> None:
    text = model("{ let k = 3 | 5 return when(k == 3, conv(8, 3), else=conv(8 | 16, k)) }")
    first = design_of(program(text).evaluate(lambda *_: 0))
    second = design_of(program(text).evaluate(lambda *_: 1))
    assert first == {"k": 3}
    assert second == {"k": 5, "conv_2.channels": 16}


def test_a_design_reproduces_its_graph() -> None:
    space = program(model("each(i = 1 to 4, unit(8, 3 | 5 | 7))", BLOCKS))
    for seed in range(20):
        sampled = space.evaluate(sampler(seed))
        again = evaluate_design(space, design_of(sampled))
        assert (counts.params(again.graph), counts.macs(again.graph)) == (
            counts.params(sampled.graph),
            counts.macs(sampled.graph),
        )


def test_what_is_remembered_equals_what_is_evaluated_afresh() -> None:
    text = model("each(i = 1 to 4, cell(8) -> unit(8, 3 | 5) -> pair(conv(8, 1 | 3)))", BLOCKS)
    warm = program(text)
    for seed in range(40):
        design = design_of(warm.evaluate(sampler(seed)))
        remembered = evaluate_design(warm, design)
        fresh = evaluate_design(program(text), design)
        assert design_of(remembered) == design_of(fresh) == design
        assert counts.params(remembered.graph) == counts.params(fresh.graph)


@pytest.mark.parametrize(
    ("design", "code", "words"),
    [
        ({}, "E503", "`conv.kernel` is open"),
        ({"conv.kernel": 4}, "E502", "cannot be 4"),
        ({"conv.kernel": True}, "E502", "cannot be true"),
        ({"conv.kernel": 3, "conv.kernal": 3}, "E504", "no such choice"),
    ],
)
def test_a_design_that_does_not_fit_is_refused(
    design: dict[str, Any], code: str, words: str
) -> None:
    with pytest.raises(SpecError) as caught:
        evaluate_design(program(model("conv(8, 3 | 5)")), design)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert words in found.message


def test_a_misspelt_choice_is_guessed() -> None:
    with pytest.raises(SpecError) as caught:
        evaluate_design(program(model("conv(8, 3 | 5)")), {"conv.kernel": 3, "conv.kernal": 3})
    assert "conv.kernel" in caught.value.diagnostics[0].help


SHARED = """
shared block cell(width) = conv(width, 1 to width)
shared block from(width) = conv(8, width to width + 3)
shared block twice(width) = conv(width, 1 to 2 | width // 2)
block unit(width) = cell(width) -> relu
block narrow() = conv(2, 1 to x.channels)
"""


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("cell(16) -> cell(4)", "`cell.conv.kernel` is chosen once, and has 16 options before and"),
        ("unit(4) -> unit(16)", "4 options before and 16 here"),
        ("from(1) -> from(2)", "is one of 1, 2, 3, 4 before and one of 2, 3, 4, 5 here"),
        ("2 * narrow", "3 options before and 2 here"),
    ],
)
@pytest.mark.parametrize("option", [0, 3])
def test_one_choice_has_the_same_options_at_each_place(
    expression: str, words: str, option: int
) -> None:
    space = program(model(expression, SHARED))
    for _ in range(2):  # the second time from what is remembered
        with pytest.raises(SpecError) as caught:
            space.evaluate(lambda path, point: min(option, point.size - 1))
        (found,) = caught.value.diagnostics
        assert found.code == "E506"
        assert words in found.message
        assert found.span is not None


def test_the_calls_that_met_other_options_are_told() -> None:
    for space in [program(model("unit(16) -> unit(4)", SHARED))] * 2:
        with pytest.raises(SpecError) as caught:
            space.evaluate(lambda path, point: 0)
        trail = caught.value.diagnostics[0].trail
        assert [label.span.text for label in trail] == ["cell(width)", "unit(4)"]


def test_other_options_elsewhere_are_not_remembered_of_a_call() -> None:
    text = "{ let n = 16 | 4 return when(n == 16, cell(16)) -> cell(4) }"
    space = program(model(text, SHARED))
    with pytest.raises(SpecError):
        space.evaluate(lambda path, point: 0)
    alone = space.evaluate(lambda path, point: point.size - 1)
    assert design_of(alone) == {"n": 4, "cell.conv.kernel": 4}


def test_equal_options_at_several_places_are_one_choice() -> None:
    space = program(model("twice(8) -> twice(4)", SHARED))
    assert design_of(space.evaluate(lambda path, point: 1)) == {"twice.conv.kernel": "width // 2"}
