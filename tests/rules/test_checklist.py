"""The eight points of the checklist, and the numbers behind them."""

from __future__ import annotations

import pytest

from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.rules.case import Case
from archdsl.rules.checklist import POINTS, Answer, checklist, uncovered
from archdsl.source import Source
from archdsl.stages import judge

SPEC = """\
arch Net {{
  data  image(3, 32, 32{data})
  task  classify(10)
  train adamw(batch=16)
  {clauses}
  model = {model} -> global_avg_pool -> linear(classes)
}}
"""
BLOCK = "conv(16, 3, bias=false) -> batch_norm -> relu"


def answers(model: str = BLOCK, data: str = ", samples=50_000", clauses: str = "") -> list[Answer]:
    program = load(Source(SPEC.format(model=model, data=data, clauses=clauses))).program()
    evaluation = program.evaluate(sampler(0))
    findings = judge(program, evaluation)
    return checklist(Case(program, evaluation), findings)


def test_there_are_eight_points_and_each_rule_stands_for_one():
    assert len(POINTS) == 8
    assert uncovered() == []


def test_a_small_good_design_passes_what_applies():
    told = {a.point: (a.answer, a.number) for a in answers()}
    assert told == {
        1: ("pass", "image of 50,000 samples; 1 specialised layer"),
        2: ("pass", "634 parameters in 2 weighted layers"),
        3: ("not applicable", "2 weighted layers: not deep"),
        4: ("pass", "16 to 16 channels over 2 layers"),
        5: ("pass", "0.0127 parameters a sample"),
        6: ("not applicable", "training takes 2.198 MiB at batch=16; no limit is set"),
        7: ("not applicable", "442,528 multiply-adds a sample; no limit is set"),
        8: ("pass", "1 norm, regularised, 0 other architectures beside it"),
    }


def test_a_deep_plain_network_fails_the_third_point_with_its_number():
    third = answers(f"24 * ({BLOCK})")[2]
    assert (third.answer, third.codes) == ("fail", ("P301",))
    assert third.number == "25 of 25 layers in a row without a skip"


def test_a_deep_one_with_skips_passes_it():
    third = answers(f"{BLOCK} -> 24 * residual({BLOCK})")[2]
    assert (third.answer, third.number) == ("pass", "2 of 26 layers in a row without a skip")


def test_what_a_spec_allows_is_said():
    third = answers(f"24 * ({BLOCK})", clauses='allow deep_plain_network because "so"')[2]
    assert (third.answer, third.codes, third.allowed) == ("pass", (), ("P301",))


def test_without_samples_capacity_does_not_apply():
    fifth = answers(data="")[4]
    assert fifth.answer == "not applicable"
    assert fifth.number.endswith("the spec does not say how many samples")


@pytest.mark.parametrize(("limit", "answer"), [("1 GiB", "pass"), ("1 MiB", "fail")])
def test_memory_applies_where_it_is_limited(limit, answer):
    sixth = answers(clauses=f"require memory(training) <= {limit}")[5]
    assert sixth.answer == answer
    assert sixth.number == f"2.198 MiB, and `memory(training) <= {limit}` is required"


@pytest.mark.parametrize(("limit", "answer"), [("1 s", "pass"), ("1 us", "fail")])
def test_speed_applies_where_it_is_limited(limit, answer):
    seventh = answers(clauses=f"require latency(t4) <= {limit}")[6]
    assert seventh.answer == answer
    assert seventh.number.endswith(f"`latency(t4) <= {limit}` is required")


def test_a_model_of_one_layer_has_no_proportions():
    fourth = answers("identity")[3]
    assert (fourth.answer, fourth.number) == ("not applicable", "1 weighted layer")
