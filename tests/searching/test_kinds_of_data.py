"""A search trains designs for every kind of data, from the file to the figures of the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import archdsl
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from pathlib import Path

CHANCE = np.random.default_rng(0)

TABLE = """arch Table {
  data table(6, samples=100_000)
  task regress(1)
  train adam(epochs=2)
  minimize metric(rmse)
  model = linear(8 | 16) -> relu -> linear(targets)
}"""
PICTURES = """arch Pictures {
  data image(1, 8, 8, augment=basic)
  task classify(3)
  train sgd(epochs=2, lr=0.01)
  maximize accuracy - params / 1M
  model = conv(8 | 12, 3) -> (relu | gelu) -> global_avg_pool -> linear(classes)
}"""
SERIES = """arch Series {
  data series(12, 4)
  task classify(2)
  train adam(epochs=2)
  maximize accuracy
  model = (lstm(8) | gru(8) | conv(8, 3) | linear(8) -> residual(attention(2)))
          -> global_avg_pool -> linear(classes)
}"""
GRAPH = """arch Nodes {
  data graph(4, nodes=40, edges=80)
  task classify(2, per=node)
  train adam(epochs=2)
  maximize accuracy
  model = (gcn(8) | gat(8, heads=1) | sage(8)) -> relu -> linear(classes)
}"""
WORDS = """arch Next {
  data tokens(8, vocab=32)
  task next_token()
  train adam(batch=8, epochs=2)
  minimize loss
  model = embedding(16) -> gru(8 | 16) -> linear(vocab)
}"""


def _table(folder: Path) -> str:
    x = CHANCE.normal(size=(80, 6))
    np.savez(folder / "data.npz", X=x, y=x.sum(axis=1))
    return str(folder / "data.npz")


def _pictures(folder: Path) -> str:
    np.savez(folder / "data.npz", X=CHANCE.normal(size=(60, 8, 8)), y=np.arange(60) % 3)
    return str(folder / "data.npz")


def _series(folder: Path) -> str:
    np.savez(folder / "data.npz", X=CHANCE.normal(size=(60, 12, 4)), y=np.arange(60) % 2)
    return str(folder / "data.npz")


def _graph(folder: Path) -> str:
    edges = CHANCE.integers(40, size=(2, 80))
    x = CHANCE.normal(size=(40, 4))
    np.savez(folder / "data.npz", x=x, edge_index=edges, y=np.arange(40) % 2)
    return str(folder / "data.npz")


def _words(folder: Path) -> str:
    (folder / "text.txt").write_text("the cat sat on the mat. " * 40, encoding="utf-8")
    return str(folder / "text.txt")


@pytest.mark.parametrize(
    ("spec", "data", "metric"),
    [
        pytest.param(TABLE, _table, "rmse", id="table"),
        pytest.param(PICTURES, _pictures, "accuracy", id="pictures"),
        pytest.param(SERIES, _series, "accuracy", id="series"),
        pytest.param(GRAPH, _graph, "accuracy", id="graph"),
        pytest.param(WORDS, _words, "perplexity", id="words"),
    ],
)
def test_designs_are_trained_compared_in_validation_and_told_by_the_test(
    spec: str, data, metric: str, tmp_path: Path
) -> None:
    if "graph" in spec:
        pytest.importorskip("torch_geometric")
    found = archdsl.search(
        spec, data(tmp_path), run=tmp_path / "run", trials=2, strategy="random", terms=UNJUDGED
    )
    assert [tried.state for tried in found.trials] == ["complete", "complete"], found.failures
    for tried in found.trials:
        assert np.isfinite([tried.metrics[metric], tried.metrics[f"test_{metric}"]]).all()
        assert (found.folder / "trials" / f"{tried.number:05}" / "weights.safetensors").exists()
    assert found.best is not None
