"""What a forward pass reads and writes."""

from __future__ import annotations

import pytest

from archdsl.cost.metrics.traffic import Traffic
from archdsl.spec.constants import Quantity
from tests.cost.conftest import model
from tests.cost.test_catalog import bound

IMAGE, WIDE = 3 * 32 * 32, 8 * 32 * 32


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("relu", 5 * 2 * IMAGE),
        ("conv(8, 3)", 5 * (IMAGE + WIDE) + 224),
        ("conv(8, 3) -> relu", 5 * (IMAGE + 3 * WIDE) + 224),
        ("add(identity, relu)", 5 * (2 * IMAGE + 3 * IMAGE)),
        ("4 * conv(3, 1)", 4 * (5 * 2 * IMAGE + 12)),
        ("flatten", 0),
    ],
)
def test_each_op_reads_its_inputs_and_weights_and_writes_its_result(
    expression: str, numbers: int
) -> None:
    graph = model(expression)
    assert Traffic(5, "fp32").of(graph) == Quantity(4 * numbers, "bytes")
    assert Traffic(5, "bf16").of(graph) == Quantity(2 * numbers, "bytes")


def test_the_batch_is_an_argument_and_the_precision_that_of_training() -> None:
    assert bound("traffic(batch=16)", "train sgd(precision=amp)") == Traffic(16, "amp")
    assert bound("traffic()") == Traffic(1, "fp32")
