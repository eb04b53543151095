"""Lets that some designs read and others do not: what they cost counts where they reach the result,
however they are read besides."""

from __future__ import annotations

from collections import Counter

import pytest

from archdsl.space.metrics import metric_of
from archdsl.space.space import Space
from tests.space.brute_force import program, tried

SPEC = """block given(f) = f
block cell(f) {{
  {}
}}
arch A {{
  data table(4)
  model {{
    let w = linear(4)
    return linear(4) -> cell(w | linear(4, bias=false)) -> linear(2)
  }}
}}"""
LETS = """let a = linear(4)
  let b = linear(4, bias=false) -> linear(4)
  let c = add(pick(1 to 2, a, b -> linear(4), linear(4)))"""
BODIES = (
    "return concat(a, b, c)",
    "return concat(a, c)",
    "return c -> linear(3)",
    "return add(c, f) -> linear(3)",
    "return concat(a, b) -> (linear(4) | c)",
    "return concat(a, b) -> f",
    "let d = add(c, (a | b)) return d -> given(relu | linear(5))",
    "let d = add(pick(2, a, b, c)) return concat(d, x)",
    "let d = concat(b, (c | a)) let e = add(pick(1, a, b, c)) return concat(e, d)",
    "let d = a -> given(linear(4) | c) return concat(d, (b | x))",
)


@pytest.mark.parametrize("metrics", [("params", "macs"), ("depth", "memory(training)")])
@pytest.mark.parametrize("body", BODIES)
def test_costs_are_those_of_the_designs(body: str, metrics: tuple[str, ...]) -> None:
    spec = program(SPEC.format(f"{LETS}\n  {body}"))
    assert spec is not None
    designs = tried(spec, 2_000)
    assert designs
    space = Space(spec)
    assert space.count() == len(designs)
    for metric in metrics:
        values = Counter(metric_of(metric, spec, one.clauses).of(one.graph) for one in designs)
        assert space.distribution(metric) == values, metric
