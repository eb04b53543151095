"""Metrics that follow from the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import archdsl
from archdsl.cost.catalog import find
from archdsl.cost.metric import Setting, Written
from archdsl.source import NOWHERE
from archdsl.spec.constants import Quantity
from archdsl.spec.train.sgd import Sgd
from tests.cost.conftest import model

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph
    from archdsl.spec.train import Train


COARSE = "conv(3, 3, stride=2) -> upsample(2)"


def measured(word: str, graph: Graph, train: Train | None = None) -> object:
    """A metric without arguments."""
    metric = find(word)
    assert metric is not None
    return metric.bind(Written(word, (), NOWHERE), Setting(train, {})).of(graph)


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
        # along one path 3 + 8 * 2, along the other 7 + 8 * 1
        ("receptive_field", f"add({COARSE}, conv(3, 7)) -> conv(8, 9)", 19),
        ("receptive_field", f"add({COARSE}, conv(3, 7)) -> conv(8, 3)", 9),
    ],
)
def test_a_metric(metric: str, expression: str, expected: object) -> None:
    assert measured(metric, model(expression)) == expected


def test_half_precision_halves_the_stored_weights() -> None:
    graph = model("conv(8, 3)")
    assert measured("weights_size", graph, Sgd(precision="bf16")) == Quantity(448, "bytes")


@pytest.mark.parametrize(
    ("precision", "width"), [("fp32", 4), ("fp16", 2), ("bf16", 2), ("int8", 1)]
)
def test_a_model_may_be_used_in_less_than_it_was_trained_in(precision: str, width: int) -> None:
    numbers = 224 + 2 * (3 + 8) * 32 * 32  # weights; what flows in and out of two samples
    for train in ("", "train sgd(precision=bf16)"):
        for call, expected in (
            (f"weights_size(precision={precision})", 224 * width),
            (f"memory(inference, batch=2, precision={precision})", numbers * width),
        ):
            assert required(f"{train} require {call} <= {expected} B") == []
            missed = "P601" if "memory" in call else "E430"
            assert required(f"{train} require {call} < {expected} B") == [missed]


def test_other_words_are_no_precision_and_training_has_its_own() -> None:
    for call in ("weights_size(precision=int4)", "weights_size(batch=2)", "weights_size(8)"):
        assert required(f"require {call} <= 1 GiB") == ["E431"]
    assert required("require memory(training, precision=int8) <= 1 GiB") == ["E431"]
    assert required("require memory(inference, precision=8) <= 1 GiB") == ["E431"]


def required(clauses: str) -> list[str]:
    """The codes of the errors of a spec with these clauses."""
    text = f"arch A {{ data image(3, 32, 32) {clauses} model = conv(8, 3) }}"
    return [found.code for found in archdsl.check(text).diagnostics if found.severity == "error"]
