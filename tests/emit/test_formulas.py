"""Formulas say the value that Python computes, and their simplest forms change none."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from archdsl.emit.pytorch.written import written
from archdsl.formulas import (
    CALCULATED,
    LARGEST,
    Formula,
    Origin,
    is_known,
    made,
    replaced,
    source,
    sources,
    value_of,
)
from archdsl.traced import Traced, keeping, of, positions

NAMES = ("a", "b", "c")
SOURCES = [source("size", "a"), source("argument", "b"), source("argument", "c")]
GROWING = ("+", "-", "*", "//", "%", "min", "max", "round", "ceil", "neg")
JUDGING = ("==", "!=", "<", "<=", ">", ">=")


def _drawn(random_: random.Random, depth: int) -> Any:
    if not depth:
        return random_.choice([*SOURCES, 1, 2, 3, 8])
    symbol = random_.choice(GROWING)
    parts = [_drawn(random_, depth - 1) for _ in range(1 if symbol in ("ceil", "neg") else 2)]
    if symbol in ("//", "%", "round"):
        parts[1] = random_.choice([1, 2, 3, 8])
    return (symbol, *parts)


def _judged(random_: random.Random) -> Any:
    parts = [(random_.choice(JUDGING), _drawn(random_, 2), _drawn(random_, 2)) for _ in range(2)]
    return ("not", (random_.choice(["all", "any"]), *parts))


def _made(drawn: Any) -> Any:
    return made(drawn[0], *map(_made, drawn[1:])) if isinstance(drawn, tuple) else drawn


def _computed(drawn: Any, given: dict[Origin, Any]) -> Any:
    if isinstance(drawn, tuple):
        return CALCULATED[drawn[0]](*(_computed(part, given) for part in drawn[1:]))
    return value_of(drawn, given)


@pytest.mark.parametrize("seed", range(300))
def test_a_simplest_form_and_its_text_have_the_value(seed: int) -> None:
    random_ = random.Random(seed)
    drawn = _judged(random_) if seed % 3 == 0 else _drawn(random_, 3)
    formula = _made(drawn)
    text = written(formula, lambda one: one.name)
    for _ in range(20):
        values = [random_.randint(1, 30) for _ in NAMES]
        given = {formula.parts[0]: v for formula, v in zip(SOURCES, values, strict=True)}
        wanted = _computed(drawn, given)
        assert value_of(formula, given) == wanted
        assert replaced(formula, given) == wanted
        scope = {"math": math, "int": math.floor, "min": min, "max": max}
        assert eval(text, scope, dict(zip(NAMES, values, strict=True))) == wanted


@pytest.mark.parametrize("stride", range(1, 7))
@pytest.mark.parametrize("kernel", range(1, 9))
def test_a_window_keeps_a_size_just_where_its_condition_says(kernel: int, stride: int) -> None:
    size, kernels, strides = (Traced(9, source("size", "n")), *_numbers(kernel, stride))
    slid = positions(size, kernels, strides, keeping(kernels, strides))
    condition = made("==", of(slid), of(size))
    assert Origin("size", "n") not in sources(condition)
    for extent in range(max(2, kernel), 40):
        found = (extent + 2 * keeping(kernel, stride) - kernel) // stride + 1
        given = {Origin("argument", "k"): kernel, Origin("argument", "s"): stride}
        assert value_of(condition, given) == (found == extent)


def _numbers(kernel: int, stride: int) -> tuple[Traced, Traced]:
    return Traced(kernel, source("argument", "k")), Traced(stride, source("argument", "s"))


def test_two_traced_numbers_are_told_apart_by_their_formulas() -> None:
    one, other = _numbers(3, 3)
    assert one == other == 3
    assert len({one, other, 3}) == 3
    assert of(2 * one + other - 1) == made(
        "+", made("-", made("+", made("*", 2, of(one)), of(other)), 1), 0
    )


def test_a_formula_that_would_grow_without_end_is_lost() -> None:
    formula: Any = SOURCES[0]
    for _ in range(200):
        formula = made("%", made("+", made("*", formula, formula), 1), 7)
    assert isinstance(formula, Formula)
    assert not is_known(formula)
    assert sources(formula) == {Origin("size", "a")}
    assert LARGEST < 1000


def test_a_condition_that_decides_nothing_is_not_written() -> None:
    deep = made(">", SOURCES[1], 1)
    assert made("if", deep, 0, 0) == 0
    assert made("if", deep, SOURCES[0], SOURCES[0]) == SOURCES[0]
    assert made("if", deep, 1, 2) == Formula("if", (deep, 1, 2))
    assert made("if", deep, True, 1) == Formula("if", (deep, True, 1))
