"""A class computes what its block computes with each function of values, or takes the value."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.evaluate.arithmetic import FUNCTIONS
from archdsl.runtime.module import load
from archdsl.types import shape

WRITTEN = {
    "all": "when(all(w > 3, w < 50), 8, else=12)",
    "any": "when(any(w == 3, w == 50), 8, else=12)",
    "ceil": "ceil(w / 2)",
    "floor": "floor(w / 2)",
    "make_divisible": "make_divisible(3 * w)",
    "max": "max(w, 6)",
    "min": "min(w, 6)",
    "not": "when(not(w == 5), 8, else=12)",
    "round": "round(w, 4)",
    "size": "7",  # of axes, not of widths
}


def spec(value: str) -> str:
    return f"""block b(w) = linear({value}) -> relu
arch A {{
  data table(4)
  model = b(5) -> b(13) -> b(22) -> b(5)
}}
"""


def test_every_function_is_tried():
    assert FUNCTIONS.keys() == WRITTEN.keys()


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_emitted_is_what_was_evaluated(name: str):
    import torch

    compiled = archdsl.compile(spec(WRITTEN[name]))
    module = load(compiled.source, "emitted").A()
    assert sum(weight.numel() for weight in module.parameters()) == compiled.params
    assert module(torch.zeros(2, 4)).shape == (2, *shape(compiled.graph.model.out))
