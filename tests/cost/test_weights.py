"""Weights of a module count once, however often it is applied; what flows counts each time."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.cost.compose import summary
from archdsl.cost.counts import MACS, PARAMETERS, macs, params
from archdsl.cost.metrics.memory import inference, training
from archdsl.cost.weights import weights_applied
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.spec.train.adam import Adam
from tests.designs import evaluate_design
from tests.unjudged import UNJUDGED

LINEAR = 8 * 8 + 8


def graph(body: str, blocks: str = ""):
    """The graph of a model of a table of eight."""
    text = f"{blocks}arch A {{ data table(8) model {{ {body} }} }}"
    return evaluate_design(load(Source(text)).program(), {}).graph


CELL = "block cell() { module own = linear(8) return own -> own }\n"
GIVEN = "block given(f) { let a = f -> f return add(a, linear(8)) }\n"


@pytest.mark.parametrize(
    ("body", "blocks", "weights", "uses"),
    [
        ("module m = linear(8) return m -> m", "", 1, 2),
        ("module m = linear(8) return 12 * m", "", 1, 12),
        ("module m = linear(8) return add(m, m -> relu, linear(8))", "", 2, 3),
        ("module m = linear(8) module n = m -> m return n -> m -> n", "", 1, 5),
        ("module m = linear(8) return each(i = 1 to 3, m -> linear(8))", "", 4, 6),
        ("return 2 * cell", CELL, 2, 4),
        ("module m = cell return m -> m", CELL, 1, 4),
        ("module m = linear(8) return given(m) -> 2 * given(m)", GIVEN, 4, 9),
        ("module m = linear(8) module n = given(m) return n -> n -> m", GIVEN, 2, 7),
        ("module m = linear(8) let a = x -> m return linear(8)", "", 1, 1),
        ("module m = linear(8) return when(x.features > 9, m, else=relu)", "", 0, 0),
    ],
)
def test_weights_count_once_and_macs_for_each_use(body, blocks, weights, uses):
    found = graph(body, blocks)
    assert params(found) == weights * LINEAR
    assert macs(found) == uses * 64


def test_a_part_that_applies_a_module_tells_what_it_weighs():
    found = graph("module m = linear(8) let a = x -> m let b = a -> m -> linear(8) return b")
    a, b = (binding.node for binding in found.model.bindings)
    assert (params(a), params(b)) == (LINEAR, 2 * LINEAR)
    assert summary(PARAMETERS, b).amounts == (LINEAR,)
    assert weights_applied(summary(PARAMETERS, b)) == LINEAR


def test_parts_without_modules_have_no_border():
    found = graph("let a = linear(8) return add(a, relu)")
    assert summary(PARAMETERS, found.model).border is None


def test_two_parts_together_have_the_modules_of_both_once():
    found = graph(
        "module m = linear(8) module n = linear(8) let a = x -> m let b = a -> n -> m return b"
    )
    a, b = (summary(PARAMETERS, binding.node) for binding in found.model.bindings)
    both = PARAMETERS.then(a, b)
    assert both == PARAMETERS.then(both, b)
    assert weights_applied(both) == 2 * LINEAR
    assert PARAMETERS.body(found.model, [a, b], PARAMETERS.nothing).amounts == (2 * LINEAR,)
    assert summary(MACS, found.model).amounts == (3 * 64,)


def test_training_keeps_a_modules_weights_gradients_and_state_once():
    text = "module m = linear(8) return m -> relu -> m -> relu"
    shared, apart = graph(text), graph("return linear(8) -> relu -> linear(8) -> relu")
    train = Adam(batch=4)
    one, two = training(shared, train, 4), training(apart, train, 4)
    assert one[:3] == (4 * LINEAR, 4 * LINEAR, 8 * LINEAR)
    assert two[:3] == (8 * LINEAR, 8 * LINEAR, 16 * LINEAR)
    assert one[3] == two[3]  # what is kept for backward
    assert inference(apart, train, 4) - inference(shared, train, 4) == 4 * LINEAR


def test_rows_name_modules():
    text = """\
arch A {
  data table(8)
  model {
    module m = linear(8)
    module n = linear(8) -> relu
    let a = x -> 3 * m
    return a -> n
  }
}
"""
    found = archdsl.show(text, terms=UNJUDGED)
    rows = [(row.layer, row.params, row.macs) for row in found.layers]
    assert ("3 * m: linear(8)", LINEAR, 3 * 64) in rows
    assert ("n", LINEAR, 64) in rows
    assert found.params == 2 * LINEAR
