"""Modules in a graph: whose weights an op has, and what is one module."""

from __future__ import annotations

from archdsl.graph.flat import Flat
from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.designs import evaluate_design

SPEC = """\
block twice(f) { module own = linear(4) return f -> own -> f -> own }
arch Example {
  data table(4)
  model {
    module inner = linear(4) -> relu
    module outer = linear(4) -> inner
    return outer -> twice(outer) -> inner -> 2 * linear(4)
  }
}
"""


def test_an_op_knows_where_its_weights_were_met_first():
    program = load(Source(SPEC)).program()
    steps = Flat(evaluate_design(program, {}).graph).steps
    words = [(step.node.op.word(), step.weights) for step in steps]
    outer = [("linear", 0), ("linear", 1), ("relu", 2)]
    assert words == [
        *outer, *outer, ("linear", 6), *outer, ("linear", 6), *outer[1:], ("linear", 13),
        ("linear", 14),
    ]  # fmt: skip
    assert [step.place for step in steps if not step.again] == [0, 1, 2, 6, 13, 14]


def test_two_copies_and_one_module_twice_are_two_networks():
    from archdsl.space.idle import network

    text = "arch A { data table(4) model { module m = linear(4) return m -> (m | linear(4)) } }"
    program = load(Source(text)).program()
    designs = [evaluate_design(program, {"choice": option}) for option in ("m", "linear(4)")]
    assert len({network(one) for one in designs}) == 2
