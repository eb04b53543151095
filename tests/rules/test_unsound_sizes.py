"""Designs that their data cannot hold in check are rejected, and P501 is why."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.diagnostics import Severity

MLP = "linear({0}) -> relu -> linear({0}) -> relu -> linear(1)"
CONV = "conv(64, 3) -> relu -> {} * (conv(512, 3) -> relu) -> global_avg_pool -> linear(10)"
RESNET = (
    "resnet_stem(64) -> 2 * resnet_basic(64) -> resnet_basic(128, stride=2) -> resnet_basic(256,"
    " stride=2) -> resnet_basic(512, stride=2) -> global_avg_pool -> linear(10)"
)
CASES = {
    "ten million on 100 rows": ("table(20, samples=100)", "", MLP.format(3_150)),
    "a thousand on 100 rows": ("table(8, samples=100)", "", "linear(100) -> relu -> linear(1)"),
    "as many as rows": ("table(9, samples=100)", "", "linear(9) -> relu -> linear(1)"),
    "a linear model of more genes than patients": ("table(7_129, samples=72)", "", "linear(2)"),
    "few rows, SGD without decay": ("table(13, samples=506)", "train sgd()", MLP.format(64)),
    "few rows, dropout in name only": (
        "table(13, samples=506)",
        "",
        "linear(64) -> relu -> dropout(0.0001) -> linear(64) -> relu -> linear(1)",
    ),
    "few rows, decay in name only": (
        "table(13, samples=506)",
        "train adam(weight_decay=1e-12)",
        MLP.format(64),
    ),
    "few rows, many epochs": ("table(13, samples=506)", "train adam(epochs=500)", MLP.format(64)),
    "house prices by ten million": ("table(20, samples=1_000)", "", MLP.format(3_150)),
    "a hundred for each of 5,000 rows": ("table(20, samples=5_000)", "", MLP.format(720)),
    "dropout alone on a thousand for each": (
        "table(20, samples=900)",
        "",
        f"{MLP.format(1_000).replace('-> linear(1)', '-> dropout(0.3) -> linear(1)')}",
    ),
    "decay and dropout on ten thousand for each": (
        "table(20, samples=90)",
        "train adamw()",
        f"{MLP.format(1_000).replace('-> linear(1)', '-> dropout(0.3) -> linear(1)')}",
    ),
    "100 pictures": ("image(3, 64, 64, samples=100)", "", RESNET),
    "100 pictures, augmented and decayed": (
        "image(3, 64, 64, samples=100, augment=strong)",
        "train adamw()",
        RESNET,
    ),
    "500 pictures, a network without norms": ("image(3, 32, 32, samples=500)", "", CONV.format(1)),
    "5,000 pictures, 10 million": ("image(3, 32, 32, samples=5_000)", "", CONV.format(4)),
    "a hundred series without batch norm": (
        "series(100, 3, samples=100)",
        "",
        "conv(64, 3) -> relu -> global_avg_pool -> linear(2)",
    ),
    "a hundred series that are flattened": (
        "series(100, 3, samples=100)",
        "",
        "conv(8, 3) -> batch_norm -> relu -> flatten -> linear(2)",
    ),
    "a hundred series, read step by step": (
        "series(100, 3, samples=100)",
        "train adam()",
        "gru(128) -> last -> linear(2)",
    ),
    "two hundred texts, embedded": (
        "tokens(20, vocab=50_000, samples=200)",
        "",
        "embedding(300) -> mean_over -> linear(2)",
    ),
    "six thousand texts, two million a text": (
        "tokens(20, vocab=500_000, samples=6_000)",
        "",
        "embedding(1024) -> mean_over -> linear(2)",
    ),
    "five hundred letters": (
        "tokens(50, vocab=65, samples=10)",
        "task next_token()",
        "embedding(64) -> lstm(512) -> linear(vocab)",
    ),
    "a graph of 500 nodes": (
        "graph(64, nodes=500, edges=2_000)",
        "",
        "gcn(256) -> relu -> gcn(4)",
    ),
    "a hundred molecules": (
        "graph(16, nodes=20, edges=40, graphs=100)",
        "",
        "2 * (gin(64) -> relu) -> graph_pool(sum) -> linear(1)",
    ),
    "two million for each, pretrained": (
        "image(3, 64, 64, samples=2, pretrained=true)",
        "train adamw()",
        RESNET,
    ),
    "four volumes": (
        "volume(1, 32, 32, 32, samples=4, augment=basic)",
        "",
        "conv(32, 3) -> relu -> conv(32, 3) -> relu -> global_avg_pool -> linear(2)",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_rejected(case: tuple[str, str, str]) -> None:
    data, clauses, model = case
    report = archdsl.check(f"arch A {{ data {data} {clauses} model = {model} }}")
    errors = [d.code for d in report.diagnostics if d.severity is Severity.ERROR]
    assert "P501" in errors
    assert all(code.startswith("P") for code in errors)
