"""`require` inside blocks and the model: over values, sizes and choices, told with the calls."""

from __future__ import annotations

from typing import Any

import pytest

import archdsl
from archdsl.diagnostics import SpecError
from archdsl.evaluate.body import Body
from archdsl.evaluate.designs import design_of, sampler
from archdsl.evaluate.run import Run
from tests.evaluate.conftest import every_design, fitting, model, program
from tests.unjudged import UNJUDGED

BLOCKS = """
block outer(w) {
  let wide = inner(2 * w)
  return wide -> relu
}
block inner(w) {
  require w <= 2 * x.channels, "no block widens more"
  let body = conv(w, 3)
  require body.channels != 12
  return body
}
"""


def unmet(expression: str, blocks: str = BLOCKS, **design: Any) -> list[str]:
    (found,) = fitting(program(model(expression, blocks)))
    return [finding.message for finding in found.unmet]


def test_what_holds_is_silent() -> None:
    assert unmet("inner(6)") == []


def test_what_does_not_hold_is_told_with_both_sides_and_the_reason() -> None:
    assert unmet("inner(7)") == [
        (
            "`w <= 2 * x.channels` does not hold: `w` is 7, `2 * x.channels` is 6 "
            "(no block widens more)"
        )
    ]


def test_a_number_as_written_is_not_told_again() -> None:
    assert unmet("{ let w = 3 + 4 require w <= 5 return conv(w, 1) }") == [
        "`w <= 5` does not hold: `w` is 7"
    ]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("require x.shape == y.shape", "`x.shape` is 3×32×32, `y.shape` is 8×32×32"),
        ("require all(x.channels == 3, y.channels == 3)", "does not hold"),
        ("let good = y.height > 99 require good", "`good` does not hold"),
        ("require true == false", "does not hold"),
    ],
)
def test_conditions_are_over_sizes_and_values(body: str, told: str) -> None:
    (found,) = unmet(f"{{ let y = conv(8, 1) {body} return y }}")
    assert told in found


def test_the_finding_has_its_code_place_numbers_and_the_calls_that_led_there() -> None:
    (found,) = fitting(program(model("outer(4)", BLOCKS)))
    (one,) = found.unmet
    assert (one.code, one.span.text) == ("E430", "w <= 2 * x.channels")
    assert (one.amount.measured, one.amount.threshold) == (8, 6)
    assert [label.span.text for label in one.trail] == ["inner(2 * w)", "outer(4)"]


def test_a_design_that_violates_one_fits_together_but_is_not_valid() -> None:
    text = model("inner(7) -> global_avg_pool", BLOCKS)
    assert len(fitting(program(text))) == 1
    with pytest.raises(SpecError) as caught:
        archdsl.compile(text, terms=UNJUDGED)
    assert [f.code for f in caught.value.diagnostics] == ["E430"]
    report = archdsl.check(text, terms=UNJUDGED)
    assert (report.ok, report.unsatisfiable) == (False, True)


def test_what_a_remembered_call_violates_is_told_again() -> None:
    space = program(model("conv(2 | 4, 1) -> outer(4) -> inner(12)", BLOCKS))
    for _ in range(3):
        told = [[f.message[:3] for f in one.unmet] for one in fitting(space)]
        assert told == [["`w ", "`bo"], ["`bo"]]
        narrow, _ = fitting(space)
        trails = [[label.span.text for label in one.trail] for one in narrow.unmet]
        assert trails == [["inner(2 * w)", "outer(4)"], ["inner(12)"]]


def test_what_is_told_is_the_same_whatever_is_remembered() -> None:
    text = model(
        "each(i = 1 to 3, conv(4 | 8, 1) -> outer(4 | 6) -> (inner(12) | outer(16)))", BLOCKS
    )
    warm = program(text)
    for seed in range(60):
        found = warm.evaluate(sampler(seed))
        fresh = program(text).evaluate(sampler(seed))
        assert design_of(found) == design_of(fresh)
        told, again = ([(f.message, len(f.trail)) for f in one.unmet] for one in (found, fresh))
        assert told == again


def test_copies_tell_the_same_violation_once() -> None:
    blocks = "block unit(w) { require w < 3 return conv(w, 3) }"
    assert len(unmet("5 * unit(3)", blocks)) == 1


def test_violations_that_come_before_a_misfit_are_told_first() -> None:
    blocks = """
    block grouped(g) {
      require x.channels % g == 0, "groups divide the channels"
      return conv(4 * g, 1, groups=g)
    }"""
    space = program(model("{ require x.height < 8 return relu -> grouped(2) }", blocks))
    for _ in range(2):
        (refused,) = every_design(space)
        assert isinstance(refused, SpecError)
        assert [f.code for f in refused.diagnostics] == ["E430", "E430", "E301"]
        assert [len(f.trail) for f in refused.diagnostics] == [0, 1, 1]


def test_a_strict_run_refuses_what_does_not_hold() -> None:
    space = program(model("conv(2 | 4, 1) -> outer(4)", BLOCKS))

    class Strict(Run):
        strict_requires = True

    def run(kind: type[Run], option: int) -> Any:
        from archdsl.evaluate.frames import Frame

        assert isinstance(space.model, Body)
        made = kind(lambda path, point: option)
        return space.model.evaluate(Frame({}, "", 0, 0), space.input, made), made.unmet

    for _ in range(2):  # neither run is misled by what the other remembers
        with pytest.raises(SpecError) as caught:
            run(Strict, 0)
        (found,) = caught.value.diagnostics
        assert (found.code, len(found.trail)) == ("E430", 2)
        assert len(run(Run, 0)[1]) == 1
        assert run(Strict, 1)[1] == run(Run, 1)[1] == []


def test_choices_in_a_body_may_be_held_to_a_condition() -> None:
    body = "{ let a = 1 to 6 let b = 1 to 6 require a * b == 6 return conv(a, 1) -> conv(b, 1) }"
    valid = [design_of(one) for one in fitting(program(model(body))) if not one.unmet]
    assert [(d["a"], d["b"]) for d in valid] == [(1, 6), (2, 3), (3, 2), (6, 1)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("require params <= 1M", "E433"),
        ("require all(x.height > 3, memory(training) <= 1 GiB)", "E433"),
        ("require later.height > 3 let later = relu", "E201"),
        ("require conv(3, 3)", "E210"),
        ("require heigth > 3", "E201"),
    ],
)
def test_a_requirement_that_makes_no_sense_has_a_code(findings: Any, body: str, code: str) -> None:
    assert [f.code for f in findings(f"{{ {body} return relu }}")] == [code]


@pytest.mark.parametrize(
    "parts",
    [
        "let n = params model = linear(4)",
        "let n = params model = linear(n)",
        "let n = params + 1 model = linear(4)",
        "let n = 3 | params model = linear(n)",
        "let n = memory(training) model = linear(4)",
        "let n = max(params, 3) model = linear(4)",
        "let n = when(macs > 3, 1, else=2) model = linear(n)",
        "let n = 1 to depth model = linear(n)",
        "let n = params require n <= 3 model = linear(4)",
        "model = linear(params)",
        "model = linear(latency(t4))",
        "model = when(params > 3, relu, else=linear(3))",
        "model = linear(4) -> params",
        "model = memory(training)",
        "model = params * linear(4)",
        "model = each(i = 1 to params, linear(i))",
        "model { let n = flops return linear(4) }",
        "train adam(lr=params | 0.1) model = linear(4)",
    ],
)
def test_a_metric_where_a_design_is_still_being_made_is_refused(parts: str) -> None:
    with pytest.raises(SpecError) as refused:
        program(f"arch A {{ data table(4) {parts} }}")
    assert [one.code for one in refused.value.diagnostics] == ["E433"]


@pytest.mark.parametrize(
    "head", ["b(w=params) = linear(w)", "b(w) { let q = macs return linear(w) }"]
)
def test_a_metric_in_a_block_is_refused_whatever_the_block_is_given(head: str) -> None:
    with pytest.raises(SpecError) as refused:
        program(f"block {head}\narch A {{ data table(4) model = b(3) }}")
    assert [one.code for one in refused.value.diagnostics] == ["E433"]


def test_a_name_of_ones_own_may_be_called_like_a_metric() -> None:
    text = "block macs(depth) = linear(depth)\narch A { data table(4) let params = 3 "
    text += "require params == 3 model = macs(params) -> macs(2) }"
    (found,) = fitting(program(text))
    assert list(found.unmet) == []


def test_a_requirement_that_makes_no_sense_in_a_design_is_not_met() -> None:
    assert unmet("{ require x.height return relu }") == ["this condition is not true or false"]
    body = "{ let a = 0 | 1 | 2 require 2 / a == 1 return relu }"
    valid = [design_of(one) for one in fitting(program(model(body))) if not one.unmet]
    assert valid == [{"a": 2}]


def test_a_name_of_the_block_that_is_called_like_a_metric_is_no_metric() -> None:
    blocks = "block deep(depth) { require depth <= 3 return depth * relu }"
    assert unmet("deep(3)", blocks) == []
    assert unmet("deep(4)", blocks) == ["`depth <= 3` does not hold: `depth` is 4"]
