"""Specs that make no sense, and the words they are refused with."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("expression", "code", "words"),
    [
        ("conv(8, 3) -> rleu", "E201", "nothing here is called `rleu`"),
        ("convv(8, 3)", "E202", "no op or block called `convv`"),
        ("conv(8, 3, 1, 1, 1, 1, true, plain, 9)", "E203", "at most 8 arguments"),
        ("conv(8, 3, strid=2)", "E204", "no argument called `strid`"),
        ("conv(kernel=3)", "E205", "needs `channels`"),
        ("conv(8, 3, channels=9)", "E206", "gets `channels` twice"),
        ("{ let a = relu let a = gelu return a }", "E207", "bound already"),
        ("conv(relu(), 3)", "E210", "a value is needed here"),
        ("3", "E211", "a value"),
        ("conv(relu.channels, 3)", "E201", "`relu`"),
        ("conv(x.chanels, 3)", "E213", "no `chanels`"),
        ("conv(8, 3) -> x", "E214", "thrown away"),
        ("conv(8, 3) -> (x -> relu)", "E214", "reads `x` alone"),
        ("conv(8, 3) -> 2 * (x -> relu)", "E214", "reads `x` alone"),
        ("3 * (x -> conv(3, 3))", "E214", "reads `x` alone"),
        ("each(i = 1 to 3, x -> conv(i, 3))", "E214", "reads `x` alone"),
        ("conv(8, 3) -> when(true, x -> relu, else=x)", "E214", "reads `x` alone"),
        ("{ let a = relu return gelu -> add(a, x) }", "E214", "reads `a` and `x` alone"),
        ("when(1 > 2)", "E216", "`when`"),
        ("each(i = 3, relu)", "E218", "`each`"),
        ("pick(1, relu, gelu)", "E219", "outside a merge"),
        ("conv(8 to 4, 3)", "E222", "no values"),
        ("when(3, relu)", "E223", "not true or false"),
        ("conv(1 / 0, 3)", "E224", "division by zero"),
        ("conv(8 + true, 3)", "E225", "does not work"),
        ("(0 - 1) * relu", "E229", "-1 copies"),
        ("add(pick(4, relu, gelu))", "E230", "pick 4 of 2"),
        ("conv(0, 3)", "E231", "channels=0 is not"),
        ("conv(8, 3, bias=1)", "E231", "bias=1 is not true or false"),
        ("conv(8 | 8, 3)", "E501", "offered twice"),
        ("maximum(a=relu, bb=relu)", "E204", "no argument called `bb`"),
        ("add(conv(8, 3))", "E205", "at least 2"),
        ("10001 * relu", "E604", "too many"),
        ("conv(10 ^ 60, 3)", "E603", "too large"),
        ("conv(0 ^ -1, 3)", "E224", "division by zero"),
        ("conv((-8) ^ 0.5, 3)", "E225", "a number below 0 has no power of 0.5"),
        ("conv(999999999999999999 * 999999999999999999, 1)", "E603", "too large"),
    ],
)
def test_a_mistake_has_its_code_and_words(
    findings: Any, expression: str, code: str, words: str
) -> None:
    found = findings(expression)
    assert [f.code for f in found] == [code], found
    assert words in found[0].message
    assert found[0].span is not None


def test_a_misspelt_name_is_guessed(findings: Any) -> None:
    assert "`relu`" in findings("conv(8, 3) -> rleu")[0].help
    assert "`stride`" in findings("conv(8, 3, strid=2)")[0].help


def test_several_mistakes_are_told_at_once(findings: Any) -> None:
    blocks = "block a() = rleu\nblock b() = convv(3)"
    assert [f.code for f in findings("a -> b", blocks)] == ["E201", "E202"]


def test_the_calls_that_led_to_a_mistake_are_told(findings: Any) -> None:
    blocks = "block outer(w) = inner(w)\nblock inner(w) = conv(w, 3, groups=5)"
    (found,) = findings("outer(8)", blocks)
    assert [label.text for label in found.trail] == [
        "in this call of `inner`",
        "in this call of `outer`",
    ]
    assert found.span is not None
    assert found.span.text == "5"


def test_a_remembered_mistake_is_told_from_each_place(findings: Any) -> None:
    blocks = "block bad(w) = conv(w, 3, groups=5)"
    spans = [findings(text, blocks)[0].trail[0].span.text for text in ("bad(8)", "relu -> bad(8)")]
    assert spans == ["bad(8)", "bad(8)"]


def test_an_endless_recursion_is_told(findings: Any) -> None:
    (found,) = findings("loop(1)", "block loop(n) = relu -> loop(n + 1)")
    assert found.code == "E601"


def test_a_default_that_needs_itself_is_told(findings: Any) -> None:
    (found,) = findings("relu", "block again(f=again -> relu) = f")
    assert found.code == "E601"
    assert found.message == "the default of `f` calls `again`, which needs that default"


def test_blocks_that_double_sixty_times_are_refused(findings: Any) -> None:
    doubling = "\n".join(f"block d{i}() = d{i - 1} -> d{i - 1}" for i in range(1, 61))
    (found,) = findings("d60", "block d0() = relu\n" + doubling)
    assert found.code == "E605"


def test_calls_that_never_repeat_run_out_of_fuel(findings: Any) -> None:
    blocks = "block f(n, m) = when(n > 0, f(n - 1, 2 * m) -> f(n - 1, 2 * m + 1))"
    (found,) = findings("f(40, 1)", blocks)
    assert found.code == "E602"
