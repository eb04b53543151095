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
  task  {task}
  train adamw(batch=16)
  {clauses}
  model = {model} -> global_avg_pool -> linear(classes)
}}
"""
BASELINE = """
arch Linear {
  data  image(3, 32, 32, samples=50_000)
  task  classify(10)
  model = flatten -> linear(classes)
}
"""
UNLIMITED = "training takes 2.198 MiB at batch=16, 442,528 multiply-adds a sample; no limit is set"
BLOCK = "conv(16, 3, bias=false) -> batch_norm -> relu"


def answers(
    model: str = BLOCK,
    data: str = ", samples=50_000",
    clauses: str = "",
    task: str = "classify(10)",
    beside: str = "",
) -> list[Answer]:
    text = SPEC.format(model=model, data=data, clauses=clauses, task=task) + beside
    spec = load(Source(text, "net.arch"))
    program = spec.programs["Net"]
    evaluation = program.evaluate(sampler(0))
    others = spec.beside(program)
    findings = judge(program, evaluation, siblings=others)
    return checklist(Case(program, evaluation, others), findings)


def test_there_are_eight_points_and_each_rule_stands_for_one():
    assert len(POINTS) == 8
    assert uncovered() == []


def test_a_small_good_design_passes_what_applies():
    told = {a.point: (a.answer, a.number) for a in answers(beside=BASELINE)}
    assert told == {
        1: ("pass", "image of 50,000 samples; 1 specialised layer"),
        2: ("pass", "634 parameters in 2 weighted layers"),
        3: ("not applicable", "2 weighted layers: not deep"),
        4: ("pass", "16 to 16 channels over 2 layers"),
        5: ("pass", "0.0127 parameters a sample, regularised"),
        6: ("not applicable", UNLIMITED),
        7: ("pass", "2 weighted layers in a row without a skip, 1 norm"),
        8: ("pass", "1 baseline beside it: Linear"),
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
    sixth = answers(clauses=f"require latency(t4) <= {limit}")[5]
    assert sixth.answer == answer
    assert sixth.number.endswith(f"`latency(t4) <= {limit}` is required")


def test_a_model_of_one_layer_has_no_proportions():
    fourth = answers("identity")[3]
    assert (fourth.answer, fourth.number) == ("not applicable", "1 weighted layer")


def test_gradient_flow_fails_where_a_rule_of_it_warns_and_says_what_measures_it():
    chain = "5 * (conv(16, 3) -> sigmoid)"
    seventh = answers(chain)[6]
    assert (seventh.answer, seventh.worst, seventh.codes) == ("fail", "warning", ("P703",))
    assert seventh.number == "6 weighted layers in a row without a skip, 0 norms"
    assert seventh.run == "archdsl verify net.arch"


def test_a_deep_plain_network_fails_gradient_flow_too():
    seventh = answers(f"24 * ({BLOCK})")[6]
    assert (seventh.answer, seventh.codes) == ("fail", ("P301",))
    assert answers(f"12 * ({BLOCK})")[6].answer == "pass"  # of which P301 only warns


def test_baselines_fail_where_none_stands_beside_and_say_what_trains_some():
    eighth = answers()[7]
    assert (eighth.answer, eighth.number) == ("fail", "0 baselines beside it")
    assert eighth.run == "archdsl baselines net.arch --data D"


def test_an_architecture_among_several_is_named_in_what_is_run():
    other = BASELINE.replace("flatten", "conv(9, 3) -> relu -> flatten")
    eighth = answers(beside=other)[7]
    assert (eighth.answer, eighth.run) == (
        "fail",
        "archdsl baselines net.arch --arch Net --data D",
    )


def test_a_missing_baseline_may_be_allowed():
    eighth = answers(clauses='allow no_baseline because "measured elsewhere"')[7]
    assert (eighth.answer, eighth.allowed) == ("pass", ("P202",))


def test_a_simple_model_is_its_own_baseline():
    eighth = answers("flatten -> reshape(3072, 1, 1)")[7]
    assert (eighth.answer, eighth.number) == ("not applicable", "it is a simple model itself")


def test_of_a_deployed_model_neither_gradients_nor_baselines_are_asked():
    *_, seventh, eighth = answers(task="classify(10, deployed=true)")
    assert {seventh.answer, eighth.answer} == {"not applicable"}
    assert seventh.run == eighth.run == ""
