"""Ranges: of whole numbers, of real numbers as they are written, on a log scale, continuous."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of, dumps, sampler
from archdsl.evaluate.points import ChoicePoint, ContinuousPoint
from tests.designs import evaluate_design
from tests.evaluate.conftest import program


def space(range_: str) -> Any:
    """A spec whose one choice is a range that nothing reads."""
    return program(f"arch A {{ data table(4) let v = {range_} model = linear(4) }}")


def point(range_: str) -> ChoicePoint:
    ((_, found, _),) = space(range_).evaluate(lambda path, point: 0).asked
    return found


def codes(range_: str) -> list[str]:
    try:
        point(range_)
    except SpecError as error:
        return [found.code for found in error.diagnostics]
    return []


@pytest.mark.parametrize(
    ("range_", "written"),
    [
        ("2 to 5", "[2, 3, 4, 5]"),
        ("2 to 9 by 3", "[2, 5, 8]"),
        ("16 to 256 log 2", "[16, 32, 64, 128, 256]"),
        ("3 to 80 log 3", "[3, 9, 27]"),
        ("16 to 17 log (2 + 2)", "[16]"),
        ("0.0 to 0.5 by 0.1", "[0.0, 0.1, 0.2, 0.3, 0.4, 0.5]"),
        ("0.1 to 0.3 by 0.1", "[0.1, 0.2, 0.3]"),
        ("0 to 1 by 0.25", "[0.0, 0.25, 0.5, 0.75, 1.0]"),
        ("1 to 2 by 0.7", "[1.0, 1.7]"),
        ("-0.2 to 0.2 by 0.1", "[-0.2, -0.1, 0.0, 0.1, 0.2]"),
        ("1e-4 to 1e-1 log 10", "[0.0001, 0.001, 0.01, 0.1]"),
        ("1 to 4 log 1.5", "[1.0, 1.5, 2.25, 3.375]"),
        ("0.5 to 0.5", "[0.5]"),
    ],
)
def test_a_range_holds_its_values_as_they_are_written(range_: str, written: str) -> None:
    assert json.dumps(list(point(range_).labels)) == written


def test_real_steps_are_exact_whatever_the_numbers() -> None:
    random = Random(0)
    for _ in range(300):
        first, step = random.randrange(-50, 50), random.randrange(1, 40)
        scale = 10 ** random.randrange(1, 5)
        count = random.randrange(1, 30)
        last = first + step * count + random.randrange(step)
        low, by, high = (Fraction(n, scale) for n in (first, step, last))
        written = [f"{float(n)!r}" for n in (low, high, by)]
        values = point(f"{written[0]} to {written[1]} by {written[2]}").labels
        assert values == tuple(float(low + i * by) for i in range(count + 1)), written


@pytest.mark.parametrize(
    ("range_", "code"),
    [
        ("1 ms to 2 ms", "E221"),
        ("true to 3", "E221"),
        ("5.0 to 1", "E222"),
        ("1 to 8 by 0", "E222"),
        ("0.0 to 0.5 by (0 - 0.1)", "E222"),
        ("0.0 to 1.0 log", "E222"),
        ("1 to 64 log 1", "E222"),
        ("1.0 to 64.0 log 0.5", "E222"),
        ("0.0 to 1.0 by 1e-9", "E222"),
        ("1.0 to 1e30 log 1.0000001", "E222"),
        ("1 to 100_000", "E222"),
        ("16 to 256 log", "E232"),
    ],
)
def test_a_range_that_means_nothing_has_a_code(range_: str, code: str) -> None:
    assert codes(range_) == [code]


@pytest.mark.parametrize(
    ("range_", "low", "high", "log"),
    [
        ("0.0 to 0.5", 0.0, 0.5, False),
        ("0 to 0.5", 0.0, 0.5, False),
        ("-1.5 to 1", -1.5, 1.0, False),
        ("1e-4 to 1e-1 log", 1e-4, 1e-1, True),
        ("1 to 1e3 log", 1.0, 1e3, True),
    ],
)
def test_a_real_bound_without_a_step_makes_a_choice_continuous(
    range_: str, low: float, high: float, log: bool
) -> None:
    found = point(range_)
    assert isinstance(found, ContinuousPoint)
    assert (found.low, found.high, found.log, found.size) == (low, high, log, 1)


@pytest.mark.parametrize(
    ("range_", "middle"), [("0.2 to 0.6", 0.4), ("1e-4 to 1e-2 log", 1e-3), ("1.0 to 1e4 log", 100)]
)
def test_continuous_choices_are_drawn_evenly_over_their_scale(range_: str, middle: float) -> None:
    found, draw = space(range_), sampler(7)
    drawn = [design_of(found.evaluate(draw))["v"] for _ in range(2_000)]
    low, high = (point(range_).at(share) for share in (0, 1))
    assert low <= min(drawn) < max(drawn) <= high
    assert len(set(drawn)) == len(drawn)
    assert abs(sum(v < middle for v in drawn) / 2_000 - 0.5) < 4 * math.sqrt(0.25 / 2_000)


@pytest.mark.parametrize("range_", ["0.1 to 0.7", "1e-5 to 1e-2 log", "0.0 to 0.3 by 0.1"])
def test_the_ends_are_reached_exactly(range_: str) -> None:
    found = point(range_)
    first, last = (found.labels[found.at(share)] for share in (0.0, 1.0))
    words = range_.split()
    assert (first, last) == (float(words[0]), float(words[2]))


def test_a_design_holds_the_number_drawn_and_reproduces_it() -> None:
    found = space("1e-4 to 1e-1 log")
    for seed in range(20):
        drawn = found.evaluate(sampler(seed))
        design = json.loads(dumps(design_of(drawn)))
        again = evaluate_design(found, design)
        assert again.values["v"] == drawn.values["v"] == design["v"]


@pytest.mark.parametrize("value", [0.6, -0.1, True, "0.2", None])
def test_a_number_outside_of_a_continuous_choice_is_refused(value: Any) -> None:
    with pytest.raises(SpecError) as caught:
        evaluate_design(space("0.0 to 0.5"), {"v": value})
    (found,) = caught.value.diagnostics
    assert found.code == "E502"
    assert found.needed == "a number from 0.0 to 0.5"


def test_whole_numbers_are_numbers_of_a_continuous_choice() -> None:
    assert evaluate_design(space("0.0 to 2.5"), {"v": 2}).values["v"] == 2.0


def test_each_copies_for_real_values_but_not_for_all_numbers(evaluate: Any, findings: Any) -> None:
    row = evaluate("each(p = 0.1 to 0.3 by 0.1, dropout(p))").graph.model.result
    assert [step.op.rate for step in row.steps] == [0.1, 0.2, 0.3]
    assert [f.code for f in findings("each(p = 0.1 to 0.3, dropout(p))")] == ["E233"]


def test_calls_with_a_continuous_choice_are_remembered_rightly() -> None:
    text = """
    block cell(p) = linear(4) -> dropout(p)
    arch A { data table(4) model = cell(0.1 to 0.9) -> cell(0.5) -> cell(0.25 | 0.5) }
    """
    found = program(text)
    for seed in range(30):
        drawn = found.evaluate(sampler(seed))
        design = design_of(drawn)
        rates = [call.fragment.result.steps[1].op.rate for call in drawn.graph.model.result.steps]
        assert rates == [design["cell.p"], 0.5, design["cell_3.p"]]
