"""Objectives are computed from the design, and from what is reported of it."""

from __future__ import annotations

import math

import pytest

from archdsl.api import check, judging_of, read
from archdsl.evaluate.designs import Given
from archdsl.searching.objectives import Unreported, goals_of, needs_training

SPEC = """
arch Net {{
  data table(8, samples=100_000)
  task {task}
  {objectives}
  model = linear(8) -> relu -> linear({out})
}}
"""


def _spec(objectives: str, task: str = "classify(3)", out: str = "classes") -> str:
    return SPEC.format(objectives=objectives, task=task, out=out)


def _values(text: str, **reported: object) -> list[float]:
    program = judging_of(read(text), None).program
    evaluation = program.evaluate(Given({}))
    return [one.value(program, evaluation, reported) for one in goals_of(program)]


def test_what_is_reported_and_what_is_computed_stand_in_one_objective() -> None:
    # 8 * 8 + 8 + 8 * 3 + 3 = 99 parameters
    text = _spec(
        "maximize accuracy - params / 100 minimize metric(f1) minimize params".replace(
            " min", "\n  min"
        )
    )
    assert _values(text, accuracy=0.9, f1=0.5) == [0.9 - 99 / 100, 0.5, 99]
    program = judging_of(read(text), None).program
    assert [one.reads for one in goals_of(program)] == [("accuracy",), ("f1",), ()]
    assert [one.direction for one in goals_of(program)] == ["maximize", "minimize", "minimize"]
    assert goals_of(program)[0].text == "accuracy - params / 100"


def test_bytes_and_seconds_are_plain_numbers() -> None:
    assert _values(_spec("minimize weights_size")) == [99 * 4]


def test_without_objectives_it_is_accuracy_or_loss() -> None:
    assert _values(_spec(""), accuracy=0.5) == [0.5]
    assert _values(_spec("", "regress(2)", "2"), loss=3) == [3.0]


def test_what_follows_from_the_design_needs_no_training() -> None:
    designs, trained = (
        judging_of(read(_spec(one)), None).program for one in ("minimize macs", "maximize accuracy")
    )
    assert not needs_training(goals_of(designs))
    assert needs_training(goals_of(trained))


@pytest.mark.parametrize("value", [None, math.nan, math.inf, "good", [1, 2]])
def test_what_is_not_reported_or_no_number_is_told_by_name(value: object) -> None:
    reported = {} if value is None else {"f1": value}
    with pytest.raises(Unreported, match="f1"):
        _values(_spec("maximize metric(f1)"), **reported)


@pytest.mark.parametrize(
    ("line", "code", "fix"),
    [
        ("maximize f1", "E201", "metric(f1)"),
        ("maximize num_params", "E201", "params"),
        ("require accuracy > 0.9", "E435", None),
        ("require metric(f1) > 0.9", "E435", None),
        ("maximize metric()", "E431", None),
        ("maximize metric(3)", "E431", None),
        ("maximize metric(f1, f2)", "E431", None),
    ],
)
def test_what_is_no_objective_is_told(line: str, code: str, fix: str | None) -> None:
    (found,) = (one for one in check(_spec(line)).diagnostics if one.severity.value == "error")
    assert found.code == code
    assert (found.fix.edits[0].replacement if found.fix else None) == fix


def test_a_let_may_have_the_name_of_a_reported_metric() -> None:
    text = _spec("let accuracy = 4\n  minimize accuracy")
    assert _values(text) == [4.0]
