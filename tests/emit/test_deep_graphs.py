"""Long chains and deep nests are emitted without recursion over them."""

from __future__ import annotations

import pytest

from archdsl.emit.pytorch import emit
from tests.emit.graphs import graph_of

HEAD = "arch D { data image(8, 4, 4)  model "


@pytest.mark.slow
def test_ten_thousand_steps_in_a_row() -> None:
    steps = " -> ".join(["conv(8, 1)", "relu"] * 5000)
    text = emit(graph_of(HEAD + f"{{ return {steps} -> global_avg_pool }} }}"))
    assert text.count("nn.Conv2d(") == 5000


def test_ten_thousand_stateless_copies() -> None:
    text = emit(graph_of(HEAD + "= 10000 * relu -> global_avg_pool }"))
    assert text.count("F.relu(") == 10000


def test_a_thousand_lets() -> None:
    lets = "".join(f" let a{n + 1} = a{n} -> conv(8, 1)" for n in range(1000))
    text = emit(graph_of(HEAD + f"{{ let a0 = conv(8, 1) {lets} return a1000 }} }}"))
    assert "self.a999 = nn.Conv2d(8, 8, kernel_size=1)" in text


def test_blocks_within_blocks() -> None:
    block = "block b(n) = when(n == 0, conv(8, 1), else=(conv(8, 1) -> b(n - 1))) "
    text = emit(graph_of(block + HEAD + "= b(60) }"))
    assert text.count("class B") == 61
