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
    "len": "4 + len([w, 6, w])",
    "make_divisible": "make_divisible(3 * w)",
    "max": "max(w, 6)",
    "min": "min(w, 6)",
    "not": "when(not(w == 5), 8, else=12)",
    "round": "round(w, 4)",
    "sum": "sum([w, 6, 2 * w])",
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


REAL = (
    "w / 2 + 3",
    "4 * w / 2 + 1",
    "0.5 * w",
    "w * m",
    "max(4, m * w)",
    "min(m * w, 6)",
    "w + 2 * m",
    "4 * m ^ 2",
    "2 ^ w",
    "w // 2.0 + 1",
    "w % 4.0 + 1",
    "round(m * w, 4)",
    "round(m) * w",
    "when(w / 2 > 2, m * w, else=w)",
    "when(h == 0, w, else=w // h)",
    "when(h == 0, w, else=w % h + 1)",
)
REAL_SPEC = """block b(w, m=1.0, h=0) = linear({value}) -> relu
arch A {{
  data table(4)
  model = b(4) -> b(6, m=0.5) -> b(8, m=1.5)
}}
"""


@pytest.mark.parametrize("value", REAL)
def test_what_comes_out_whole_of_real_numbers_is_whole_for_pytorch(value: str):
    import torch

    compiled = archdsl.compile(REAL_SPEC.format(value=value))
    module = load(compiled.source, "emitted").A()
    assert sum(weight.numel() for weight in module.parameters()) == compiled.params
    assert module(torch.zeros(2, 4)).shape == (2, *shape(compiled.graph.model.out))


@pytest.mark.parametrize(
    "value", ["max(0, w) + 4", "max(0, w // 2) + 4", "max(0, 6 + w // -2) + 4"]
)
@pytest.mark.parametrize("width", [-5, -1, 0, 1, 6])
def test_an_argument_may_be_below_zero(value: str, width: int):
    built = load(archdsl.compile(spec(value)).source, "emitted").B(4, width)
    alone = archdsl.compile(spec(value).replace("b(5) -> b(13) -> b(22) -> b(5)", f"b({width})"))
    assert sum(weight.numel() for weight in built.parameters()) == alone.params
