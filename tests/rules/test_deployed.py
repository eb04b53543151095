"""Of a model that is deployed the principles of training say nothing."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.rules.catalog import all_rules
from tests.rules.literate import sections

DEEP = """\
arch Deep {{
  data  image(3, 32, 32, samples=1_000)
  task  classify(10{deployed})
  {clauses}
  model = 40 * (conv({width}, 3) -> relu) -> global_avg_pool -> linear(classes)
}}
"""


def codes(clauses: str = "", deployed: str = "", width: str = "32") -> set[str]:
    report = archdsl.check(DEEP.format(clauses=clauses, deployed=deployed, width=width))
    return {found.code for found in report.diagnostics}


def test_rules_of_training_speak_of_a_model_in_training_alone():
    assert {"P301", "P501", "P503"} <= codes()
    assert codes(deployed=", deployed=true") == set()
    assert codes(deployed=", deployed=false") == codes()


def test_rules_of_the_architecture_still_speak_of_a_deployed_one():
    text = "arch Net { data graph(8, nodes=9, edges=20) task classify(2, deployed=true)\n"
    report = archdsl.check(text + "model = linear(8) -> relu -> linear(classes) }")
    assert [found.code for found in report.diagnostics] == ["P103"]


def test_a_space_of_deployed_models_is_judged_the_same():
    many = "(32 | 48)"
    assert {"P301", "P501"} <= codes(width=many)
    assert not {"P301", "P501"} & codes(deployed=", deployed=true", width=many)


def test_what_training_takes_on_its_device_is_no_matter_then_unless_it_is_asked():
    clauses = "train adam(batch=1_000_000, device=t4)"
    assert "P601" in codes(clauses)
    assert "P601" not in codes(clauses, ", deployed=true")
    asked = "require memory(training, batch=64) <= 1 MiB"
    assert codes(asked, ", deployed=true") == {"P601"}
    inference = "require memory(inference, batch=64) <= 1 MiB"
    assert codes(inference, ", deployed=true") == {"P601"}


@pytest.mark.parametrize("task", ["regress(1", "next_token("])
def test_every_task_may_be_deployed(task):
    data = "tokens(16, vocab=16, samples=9)"
    head = "linear(vocab)" if "next" in task else "last -> linear(targets)"
    model = f"embedding(64) -> gru(64) -> {head}"
    told = {
        flag: archdsl.check(
            f"arch A {{ data {data} task {task}{flag}) model = {model} }}"
        ).diagnostics
        for flag in ("", f"{', ' * (task[-1] != '(')}deployed=true")
    }
    first, second = told.values()
    assert "P501" in [found.code for found in first]
    assert second == ()


def test_some_rules_are_of_training_and_all_of_those_have_tests():
    training = {rule.slug() for rule in all_rules() if rule.of_training}
    assert training <= {section.slug for section in sections()}
    assert {"overcapacity", "deep_plain_network", "no_baseline"} <= training
    assert not {"mlp_on_graph", "latency_exceeded", "memory_exceeded"} & training
