"""Metrics that follow from the graph."""

from __future__ import annotations

import pytest

from archdsl.cost.metrics import METRICS
from archdsl.spec.constants import Quantity
from tests.cost.conftest import model


@pytest.mark.parametrize(
    ("metric", "expression", "expected"),
    [
        ("params", "conv(8, 3)", 224),
        ("macs", "conv(8, 3)", 8 * 27 * 1024),
        ("flops", "conv(8, 3)", 2 * 8 * 27 * 1024),
        ("weights_size", "conv(8, 3)", Quantity(896, "bytes")),
        ("depth", "conv(8, 3) -> relu -> conv(8, 3)", 2),
        ("depth", "conv(8, 3) -> add(identity, conv(8, 3) -> conv(8, 3))", 3),
        ("depth", "4 * conv(3, 3)", 4),
        ("depth", "relu", 0),
        ("min_width", "conv(16, 3) -> conv(4, 3) -> global_avg_pool -> linear(2)", 4),
        ("max_width", "conv(16, 3) -> conv(4, 3) -> global_avg_pool -> linear(99)", 16),
        ("receptive_field", "conv(8, 3)", 3),
        ("receptive_field", "conv(8, 3) -> conv(8, 3)", 5),
        ("receptive_field", "conv(8, 3, stride=2) -> conv(8, 3)", 7),
        ("receptive_field", "conv(8, 3, dilation=4)", 9),
        ("receptive_field", "max_pool(2) -> conv(8, 3)", 6),
        ("receptive_field", "conv(8, 3) -> add(identity, conv(8, 7))", 9),
        ("receptive_field", "conv(8, 3) -> global_avg_pool", 32),
    ],
)
def test_a_metric(metric: str, expression: str, expected: object) -> None:
    assert METRICS[metric](model(expression), "fp32") == expected


def test_half_precision_halves_the_stored_weights() -> None:
    graph = model("conv(8, 3)")
    assert METRICS["weights_size"](graph, "bf16") == Quantity(448, "bytes")
