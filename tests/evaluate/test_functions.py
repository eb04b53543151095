"""Functions of values that a spec declares."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

import archdsl
from tests.evaluate.conftest import fitting, model, program
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from pathlib import Path

DIVISIBLE = """
# as in TensorFlow's models
function divisible(v, by=8) {
  let nearest = max(by, (v + by / 2) // by * by)
  return when(nearest < 0.9 * v, nearest + by, else=nearest)
}
"""


EVEN = """
function even(n) = when(n == 0, true, else=odd(n - 1))
function odd(n) = when(n == 0, false, else=even(n - 1))
"""


def width_of(value: str, functions: str) -> int:
    """A value that comes to a whole number from 1 on."""
    (only,) = fitting(program(model(f"conv({value}, 1, bias=false)", functions)))
    return only.graph.model.out.channels


def found(expression: str, functions: str) -> archdsl.Diagnostic:
    report = archdsl.check(model(expression, functions), terms=UNJUDGED)
    assert not report.ok
    return report.diagnostics[0]


@pytest.mark.parametrize("width", [1, 7, 12, 18, 35, 100, 1000])
def test_a_function_computes_what_the_built_in_one_does(width: int) -> None:
    for by in (4, 8, 16):
        assert width_of(f"divisible({width}, {by})", DIVISIBLE) == width_of(
            f"make_divisible({width}, {by})", ""
        )
    assert width_of(f"divisible({width})", DIVISIBLE) == width_of(
        f"divisible(by=8, v={width})", DIVISIBLE
    )


@pytest.mark.parametrize(
    ("functions", "value", "is_"),
    [
        ("function f(n) = when(n < 2, 1, else=n * f(n - 1))", "f(5)", 120),
        ("function f(n) = when(n < 2, n, else=f(n - 1) + f(n - 2))", "f(15)", 610),
        (EVEN, "when(even(7), 4, else=5)", 5),
        ("function f(a, b=a * 2, c=a + b) = c", "f(3)", 9),
        ("function f(rows) = sum([rows[0][1], rows[-1][1]])", "f([[1, 4], [2, 5], [3, 6]])", 10),
        ("function f(n, w=[]) = when(n == 0, w, else=f(n - 1, [n, w]))", "len(f(3))", 2),
        ('function f(kind) = when(kind == "wide", 64, else=16)', 'f("wide")', 64),
        ("function f() = 12", "f()", 12),
    ],
)  # fmt: skip
def test_what_functions_compute(functions: str, value: str, is_: int) -> None:
    assert width_of(value, functions) == is_


@pytest.mark.parametrize(
    ("expression", "functions", "code", "words"),
    [
        ("conv(f(1), 1)", "function f(v) = conv(v, 3)", "E239", "`block f(…)`"),
        ("conv(f(1), 1)", "function f(v) = relu", "E239", ""),
        ("f(8)", "function f(v) = v", "E211", "gives a value"),
        ("relu -> f(8)", "function f(v) = v", "E211", ""),
        ("conv(cell(8), 1)", "block cell(v) = conv(v, 3)", "E210", "is a layer"),
        ("conv(f(relu), 1)", "function f(v) = v", "E210", "a function of values"),
        ("b(relu)", "function f(v) = v block b(g) = conv(f(g), 1)", "E210", ""),
        ("conv(f, 1)", "function f(v) = v", "E205", "not called"),
        ("conv(g(8), 1)", "function f(v) = v", "E202", ""),
        ("conv(divisble(8), 1)", DIVISIBLE, "E202", "`divisible`"),
        ("conv(f(8, 9), 1)", "function f(v) = v", "E203", "at most 1 argument"),
        ("conv(f(), 1)", "function f(v) = v", "E205", "needs `v`"),
        ("conv(f(w=8), 1)", "function f(v) = v", "E204", "`f(v)`"),
        ("conv(f(8), 1)", "function f(v) = v + w", "E201", "`w`"),
        ("conv(f(8), 1)", "function f(v) = v | 2", "E241", "f(v | 2)"),
        ("conv(f(8), 1)", "function f(v, w=1 to 3) = v", "E241", ""),
        ("conv(f(8), 1)", "function f(v, v) = v", "E207", "bound already"),
        ("conv(f(8), 1)", "function f(v) { let v = 3 return v }", "E207", "bound already"),
        ("conv(f(8), 1)", "function f(v) = v function f(v) = v", "E207", "a function `f`"),
        ("conv(f(8), 1)", "block f(v) = relu function f(v) = v", "E207", "a block `f`"),
        ("conv(8, 1)", "function conv(v) = v", "E207", "an op"),
        ("conv(8, 1)", "function min(v) = v", "E207", "of the language"),
        ("conv(8, 1)", "function each(v) = v", "E207", "of the language"),
        ("conv(8, 1)", "function se(v) = v", "E207", "of the library"),
        ("conv(f(1), 1)", "function f(n) = f(n + 1)", "E601", "64 deep"),
        ("conv(f(30), 1)", "function f(n) = when(n < 2, n, else=f(n - 1) + f(n - 2))", "E609", ""),
        ("conv(f(3), 1)", 'function f(n) { require n > 4, "few" return n }', "E430", "few"),
        ("b(8)", "function f(v) = v block b(f) = conv(f(3), 1)", "E217", "no arguments"),
    ],
)  # fmt: skip
def test_what_functions_do_not_do(expression: str, functions: str, code: str, words: str) -> None:
    told = found(expression, functions)
    assert told.code == code
    assert words in f"{told.message} {told.needed} {told.help}"
    assert told.span is not None


def test_a_mistake_in_a_function_tells_the_call_that_led_there() -> None:
    told = found("conv(f(0), 1)", "function f(n) = 1 / n")
    assert told.code == "E224"
    assert [label.text for label in told.trail] == ["in this call of `f`"]


def test_what_a_function_is_given_may_be_chosen() -> None:
    text = model("conv(wide(4 | 6, 1 to 3), 1)", "function wide(n, times) = n * times")
    assert archdsl.count(text).high == 6


def test_functions_stand_in_requirements_and_objectives() -> None:
    functions = "function mega(n) = n * 1000000"
    text = f"""{functions}
arch A {{
  data image(3, 8, 8)
  let w = 8 | 64
  require params <= mega(0.001), "small"
  require mega(w) <= mega(16)
  model = conv(w, 3)
}}"""
    assert archdsl.count(text, valid=True).high == 1


def test_functions_come_from_other_files_too(tmp_path: Path) -> None:
    (tmp_path / "values.arch").write_text(DIVISIBLE, encoding="utf-8")
    spec = tmp_path / "model.arch"
    body = model("{ require divisible(18) == 24 return relu }", 'use "values.arch"')
    spec.write_text(body, encoding="utf-8")
    assert archdsl.check(spec, terms=UNJUDGED).ok
    spec.write_text(body.replace("24", "16"), encoding="utf-8")
    assert not archdsl.check(spec, terms=UNJUDGED).ok


def test_a_program_with_functions_goes_to_another_process() -> None:
    made = program(model("conv(divisible(18), 1, bias=false)", DIVISIBLE))
    again = pickle.loads(pickle.dumps(made))
    assert again.evaluate(lambda path, point: 0).graph.model.out.channels == 24
