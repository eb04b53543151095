"""Designs in which what flows in is thrown away are none, whichever choice makes them so."""

from __future__ import annotations

import pytest

from archdsl.space.space import Space
from tests.space.brute_force import program, tried

SPEC = """block given(f) = f
block beside(f) = add(f, identity)
block turn(f) = when(x.features == 4, linear(3), else=f)
arch A {{
  data table(4)
  model {{
    let t = linear(4)
    let u = relu
    return t -> {} -> linear(2)
  }}
}}"""
LAYERS = {
    "(relu | (u -> relu))": 1,
    "(relu | x)": 1,
    "(1 to 2) * ((u -> relu) | gelu)": 2,
    "add(identity, (1 to 3) * (u -> relu))": 1,
    "(1 to 2) * turn(u)": 1,
    "add(t | relu, u | gelu)": 3,
    "add(pick(1 to 2, t, u, identity))": 3,
    "given(u | relu)": 1,
    "given((u -> relu) | (gelu -> relu))": 1,
    "beside(u | (u -> relu))": 2,
    "when((1 | 2) == 1, u -> relu, else=relu)": 1,
}


@pytest.mark.parametrize(("layer", "count"), LAYERS.items())
def test_they_are_not_counted(layer: str, count: int) -> None:
    spec = program(SPEC.format(layer))
    assert spec is not None
    designs = tried(spec, 100)
    assert designs is not None
    assert len(designs) == count
    assert Space(spec).count() == count
