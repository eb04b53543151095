"""Where only some options ignore what flows in, designs with those do without what is before: what
is told of the space is what its designs are, and those are what the modules do."""

from __future__ import annotations

from collections import Counter

import pytest

from archdsl.space.metrics import metric_of
from archdsl.space.space import Space
from tests.space.brute_force import program, tried

SPEC = """block given(f) = f
block beside(f) = add(f, identity)
shared block same(w) = linear(w | 2 * w) -> relu -> linear(4)
arch A {{
  data table(4)
  model {{
    let t = linear(4)
    let u = relu
    return t -> {} -> linear(2)
  }}
}}"""
LAYERS = {
    "(relu | (u -> relu))": 2,
    "(relu | x)": 2,
    "(1 to 2) * ((u -> relu) | gelu)": 4,
    "linear(4) -> (1 to 3) * add(t, 2 * (linear(4) | (t -> linear(4, bias=false))))": 6,
    "linear(8) -> (1 to 3) * (linear(4) | (t -> linear(4, bias=false)))": 6,
    "add(t | relu, u | gelu)": 4,
    "add(pick(1 to 2, t, u, identity))": 6,
    "given(u | relu)": 2,
    "given((u -> relu) | (gelu -> relu))": 2,
    "beside(u | (u -> relu))": 2,
    "when((1 | 2) == 1, u -> relu, else=relu)": 2,
    "(linear(4) | gelu) -> (relu | u) -> linear(3 | 4) -> (gelu | t)": 16,
    "(same(8) | relu) -> (relu | u) -> (same(8) | tanh)": 14,
    "same(8) -> (relu | (given(u) -> same(8)))": 4,
}
METRICS = ("params", "macs", "depth", "memory(training)", "memory(inference)", "max_width")


@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_told_of_the_space_holds_for_its_designs(layer: str) -> None:
    spec = program(SPEC.format(layer))
    assert spec is not None
    designs = tried(spec, 100)
    assert designs is not None
    space = Space(spec)
    assert (len(designs), space.count()) == (LAYERS[layer], LAYERS[layer])
    for metric in METRICS:
        values = Counter(metric_of(metric, spec, one.clauses).of(one.graph) for one in designs)
        assert space.distribution(metric) == values, metric
