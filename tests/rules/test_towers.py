"""Rules about one kind of data say the same of an input by itself and beside others."""

from __future__ import annotations

import pytest

from archdsl.evaluate.designs import sampler
from archdsl.graph.flat import INPUT
from archdsl.ops.base import Trait
from archdsl.rules.case import Case
from archdsl.rules.catalog import find
from archdsl.rules.facts_towers import Tower, tower_of, towers
from tests.rules.literate import loaded, sections

OF_ONE_INPUT = (
    "grid_on_graph",
    "messages_without_edges",
    "mlp_on_graph",
    "attention_where_convolution_fits",
    "mlp_on_grid",
    "mlp_on_sequence",
    "no_downsampling",
    "structure_on_table",
)
PAIR = """data left = image(1, 16, 16)
data right = image(1, 16, 16)
data facts = table(4)
task classify(2)
model {
  module tower = conv(8, 3, stride=2) -> relu -> conv(16, 3) -> relu -> global_avg_pool
  let known = facts -> linear(8) -> relu
  let both = concat(left -> tower, right -> tower)
  return concat(both, known) -> linear(16) -> relu -> linear(classes)
}
"""


def case_of(spec: str) -> Case:
    program, siblings = loaded(spec)
    return Case(program, program.evaluate(sampler(0)), siblings)


@pytest.mark.parametrize("slug", OF_ONE_INPUT)
def test_a_rule_says_of_a_tower_what_it_says_of_a_design(slug: str) -> None:
    rule = find(slug)
    assert rule is not None
    compared = 0
    for section in sections():
        case = case_of(section.spec) if section.slug == slug else None
        if case is None or len(case.inputs) > 1:
            continue
        found = list(rule().check(case))
        assert list(rule().check(Tower(case, INPUT))) == found, section.title
        compared += bool(found)
    assert compared


def test_a_tower_holds_what_reads_its_input_alone() -> None:
    case = case_of(PAIR)
    left, right, facts = case.fact(towers)
    assert [step.node.op for step in left.steps] == [step.node.op for step in right.steps]
    assert [step.place for step in right.steps] == list(range(len(right.steps)))
    assert not any(step.again for step in right.steps)  # there it is the first
    assert right.steps[0].inputs == (INPUT,)
    assert len(right.weighted) == 2
    assert [len(step.inputs) for step in facts.steps] == [1, 1]
    assert facts.flat.output == 1
    assert right.flat.output == len(right.steps) - 1


def test_an_op_of_several_inputs_stands_in_no_tower() -> None:
    case = case_of(PAIR)
    joined = [step for step in case.steps if len(step.inputs) > 1]
    assert all(tower_of(case, step) is case for step in joined)
    first, *_ = case.having(Trait.CONVOLUTION)
    assert tower_of(case, first).takes == case.inputs[INPUT]


def test_facts_beside_a_picture_leave_it_a_picture() -> None:
    spec = PAIR.replace("right = image(1, 16, 16)", "right = table(3)")
    case = case_of(spec.replace("right -> tower", "right"))
    picture = case.fact(towers)[0]
    assert len(picture.weighted) == 4
    assert picture.flat.output == len(picture.steps) - 1
