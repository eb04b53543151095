"""Lists, rows and functions of values in emitted code: numbers follow from what blocks take."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import archdsl
from archdsl.types import shape
from tests.unjudged import UNJUDGED

ROUNDED = "function even(v, by=4) = max(by, (v + by / 2) // by * by)"
STAGE = """
block stage(widths, act="relu") {
  let squeeze = conv(widths[0], 1) -> relu
  return squeeze -> conv(even(sum(widths)), 3) -> when(act == "relu", relu, else=gelu)
}
"""
TOWER = "block tower(rows) = each((c, n) = rows, n * (conv(c, 3) -> relu))"


def compiled(model: str, blocks: str) -> archdsl.Compiled:
    text = f"{blocks}\narch Net {{ data image(3, 8, 8) model = {model} }}"
    return archdsl.compile(text, terms=UNJUDGED)


def parameters(made: archdsl.Compiled) -> int:
    scope: dict[str, Any] = {"__name__": "net"}
    exec(compile(made.source, "net.py", "exec"), scope)
    net = scope["Net"]()
    out = net(torch.randn(2, 3, 8, 8))
    assert tuple(out.shape[1:]) == shape(made.graph.model.out)
    return sum(weight.numel() for weight in net.parameters())


def test_a_block_takes_its_list_and_computes_with_it() -> None:
    made = compiled('stage([4, 8]) -> stage([6, 12], act="gelu")', ROUNDED + STAGE)
    assert "widths: tuple[int, ...]" in made.source
    assert "nn.Conv2d(in_channels, widths[0], kernel_size=1)" in made.source
    assert "sum(widths)" in made.source
    assert "widths=(4, 8)" in made.source
    first = (3 * 4 + 4) + (9 * 4 * 12 + 12)
    assert parameters(made) == first + (12 * 6 + 6) + (9 * 6 * 20 + 20)


@pytest.mark.parametrize(
    "model",
    [
        "tower([[4, 2], [6, 1]]) -> tower([[5, 1], [7, 3]])",
        "tower([[4, 2]]) -> tower([[4, 2]])",
        "tower([[4, 0], [6, 1]]) -> tower([])",
        "each((w, f) = [[4, relu], [6, tanh]], conv(even(w), 3) -> f) -> each(f = [relu, gelu], f)",
        "each(r = [[[4, 1], [5, 2]], [[6, 1]]], tower(r))",
    ],
)
def test_what_is_built_has_the_parameters_that_were_counted(model: str) -> None:
    made = compiled(model, ROUNDED + "\n" + TOWER)
    assert parameters(made) == made.params
