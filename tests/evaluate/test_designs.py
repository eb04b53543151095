"""Options with names, and designs that were saved when the text was another."""

from __future__ import annotations

from typing import Any

import pytest

from archdsl.diagnostics import Severity, SpecError
from archdsl.evaluate.designs import design_of, load_design
from tests.designs import evaluate_design
from tests.evaluate.conftest import fitting, model, program


def designs(expression: str) -> list[dict[str, Any]]:
    return [design_of(found) for found in fitting(program(model(expression)))]


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("(narrow: conv(16, 3) | wide: conv(32, 3))", ["narrow", "wide"]),
        ("conv(small: 16 | large: 32, 3)", ["small", "large"]),
        ("conv(small: 16 | 32 | 64, 3)", ["small", 32, 64]),
        ("(conv(16, 3) | none_at_all: identity | relu)", ["conv", "none_at_all", "relu"]),
        ("add(relu, gated: gelu | plain: silu | nothing: none)", ["gated", "plain", "nothing"]),
        ("add(pick(2, a=conv(3, 3), b=conv(3, 3), c=relu))", ["a b", "a c", "b c"]),
        ("permute(a=conv(3, 3), b=conv(3, 3))", ["a b", "b a"]),
        ("each(w = pick(1, small=16, large=64), conv(w, 3))", ["small", "large"]),
        ("each(k = permute(a=3, b=3 | 5), conv(3, k))", ["a b", "a b", "b a", "b a"]),
    ],
)
def test_the_name_of_an_option_is_its_value_in_a_design(expression: str, values: list) -> None:
    assert [next(iter(design.values())) for design in designs(expression)] == values


def test_names_leave_the_paths_of_choices_inside_as_they_are() -> None:
    named = designs("(a: conv(8, 3 | 5) | b: conv(16, 1 | 3))")
    plain = designs("(conv(8, 3 | 5) | conv(16, 1 | 3))")
    assert [list(design) for design in named] == [list(design) for design in plain]


def test_a_name_is_offered_once() -> None:
    for expression in ("(a: relu | a: gelu)", "conv(a: 16 | a: 32, 3)", "(gelu: relu | gelu)"):
        with pytest.raises(SpecError) as caught:
            program(model(expression))
        assert [f.code for f in caught.value.diagnostics] == ["E501"]


@pytest.mark.parametrize(
    ("text", "saved", "means"),
    [
        ("(narrow: conv(16, 3) | wide: conv(32, 3))", "conv(32, 3)", "wide"),
        ("(narrow: conv(16, 3) | act: relu)", "conv", "narrow"),
        ("(conv(16, 3) | relu)", "conv(16, 3)", "conv"),
        ("(conv(16, 3) | conv(32, 3) | relu)", "conv(16, 3)", "conv(16, 3)"),
        ("conv(small: 16 | large: 32, 3)", 32, "large"),
        ("conv(small: 16 | large: 32, 3)", "32", "large"),
        ("conv(16.0 | 32, 3)", 16, 16.0),
        ("add(pick(2, a=conv(3, 3), b=conv(3, 5), c=relu))", "conv(3, 3) relu", "a c"),
        ("permute(a=conv(3, 3), b=relu)", "relu conv", "b a"),
        ("each(w = pick(1, small=16, large=64), conv(w, 3))", "64", "large"),
    ],
)
def test_what_an_option_was_called_before_is_understood(text: str, saved: Any, means: Any) -> None:
    space = program(model(text))
    ((path, _),) = designs(text)[0].items()
    loaded = load_design(space, {path: saved})
    assert design_of(loaded.evaluation) == {path: means}
    assert loaded.warnings == ()


@pytest.mark.parametrize(
    ("text", "saved"),
    [
        ("(conv(16, 3) | conv(32, 3) | relu)", "conv"),
        ("(narrow: conv(16, 3) | wide: conv(32, 3))", "conv(48, 3)"),
        ("conv(small: 16 | large: 32, 3)", 24),
        ("conv(small: 16 | large: 32, 3)", True),
    ],
)
def test_what_could_mean_two_options_or_none_is_refused(text: str, saved: Any) -> None:
    space = program(model(text))
    ((path, _),) = designs(text)[0].items()
    with pytest.raises(SpecError) as caught:
        load_design(space, {path: saved})
    assert [f.code for f in caught.value.diagnostics] == ["E502"]


def test_a_saved_design_loads_without_what_has_no_place_and_says_so() -> None:
    space = program(model("conv(8, 3 | 5)"))
    loaded = load_design(space, {"conv.kernel": 5, "conv.kernal": 3, "depth": 2})
    assert design_of(loaded.evaluation) == {"conv.kernel": 5}
    assert [(f.code, f.severity) for f in loaded.warnings] == [("W518", Severity.WARNING)] * 2
    assert "conv.kernel" in loaded.warnings[0].help
    assert "`depth`" in loaded.warnings[1].message


def test_what_was_just_typed_has_to_have_a_place() -> None:
    space = program(model("conv(8, 3 | 5)"))
    design = {"conv.kernel": 5, "conv.kernal": 3, "depth": 2}
    with pytest.raises(SpecError) as caught:
        load_design(space, design, typed={"depth"})
    assert [f.code for f in caught.value.diagnostics] == ["E504", "W518"]
    with pytest.raises(SpecError) as caught:
        evaluate_design(space, design)
    assert [f.code for f in caught.value.diagnostics] == ["E504", "E504"]


def test_all_values_that_are_no_option_are_told_at_once() -> None:
    space = program(model("conv(8 | 16, 3 | 5)"))
    with pytest.raises(SpecError) as caught:
        load_design(space, {"conv.channels": 9, "conv.kernel": 4})
    assert [f.code for f in caught.value.diagnostics] == ["E502", "E502"]


def test_a_choice_left_open_is_told_with_the_entries_that_have_no_place() -> None:
    space = program(model("conv(8, 3 | 5)"))
    with pytest.raises(SpecError) as caught:
        load_design(space, {"convolution.kernel": 3})
    assert [f.code for f in caught.value.diagnostics] == ["E503", "W518"]
