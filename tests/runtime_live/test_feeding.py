"""Every kind of data is trained on, as its spec says: end to end, by the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from archdsl import api, stages
from archdsl.runtime.live.data.given import in_python
from archdsl.runtime.live.learning.feeding import fed
from tests.unjudged import UNJUDGED


@pytest.fixture
def trained(run, folder: Path):
    """The metrics of a spec trained on data of the current folder."""

    def train(spec: str, where: str) -> dict[str, float]:
        (folder / "it.arch").write_text(spec)
        result = run("train", "it.arch", "--data", where, "-o", "kept", "--ignore", "P", "-q")
        assert result.exit_code == 0, result.output
        return json.loads(Path("kept/metrics.json").read_text())["test"]

    return train


def test_the_next_token_of_a_text(trained) -> None:
    Path("abc.txt").write_text("abcdefgh" * 400)
    found = trained(
        "arch Next { data tokens(8, vocab=256) task next_token() "
        "train adam(batch=16, epochs=10, lr=0.02) "
        "model = embedding(16) -> linear(vocab) }",
        "abc.txt",
    )
    assert found["accuracy"] > 0.95
    assert found["perplexity"] < 2


@pytest.mark.parametrize("task", ["classify(3)", "classify(1)", "regress(1)"])
def test_the_nodes_of_a_graph(trained, task: str) -> None:
    chance = np.random.default_rng(0)
    y = np.arange(90) % (2 if task == "classify(1)" else 3)
    x = np.eye(3)[y] + 0.1 * chance.normal(size=(90, 3))
    edges = np.stack([np.arange(90), (np.arange(90) + 6) % 90])
    target = y.astype("float64") if task.startswith("regress") else y
    np.savez("graph.npz", x=x.astype("float32"), edge_index=edges, y=target)
    width = "targets" if task.startswith("regress") else "classes"
    found = trained(
        f"arch Nodes {{ data graph(3, nodes=90, edges=90) task {task} "
        f"train adam(epochs=60, lr=0.05) model = gcn(16) -> relu -> gcn({width}) }}",
        "graph.npz",
    )
    assert found.get("accuracy", 1) > 0.9
    assert found.get("r2", 1) > 0.5


def test_the_pixels_of_an_image(trained) -> None:
    chance = np.random.default_rng(0)
    x = chance.normal(size=(60, 1, 6, 6)).astype("float32")
    np.savez("images.npz", X=x, y=(x[:, 0] > 0).astype(int))
    found = trained(
        "arch Pixels { data image(1, 6, 6) task classify(2, per=pixel) "
        "train adam(batch=10, epochs=20, lr=0.05) model = conv(8, 3) -> relu -> conv(classes, 1) }",
        "images.npz",
    )
    assert found["accuracy"] > 0.85


@pytest.mark.parametrize("augment", ["none", "basic", "strong"])
def test_training_samples_are_augmented_as_the_spec_says_and_no_others(augment: str) -> None:
    text = (
        f"arch It {{ data image(1, 8, 8, augment={augment}) task classify(2) train adam(batch=5) "
        "model = global_avg_pool -> linear(classes) }"
    )
    work = stages.run(api.read(text, terms=UNJUDGED).work(), stages.STAGES[:3])
    assert work.evaluation is not None
    graph, clauses = work.evaluation.graph, work.evaluation.clauses
    x = np.random.default_rng(0).normal(size=(50, 1, 8, 8))
    data = in_python((x, np.arange(50) % 2), clauses.data, clauses.task)
    splits = fed(data, graph, clauses, 0, "cpu")

    def samples(batches, seed):
        return torch.cat([given for (given,), _ in batches.epoch(seed)])

    plain = {tuple(row.flatten().tolist()) for row in samples(splits.training, None)}
    shown = {tuple(row.flatten().tolist()) for row in samples(splits.training, 7)}
    assert (plain == shown) == (augment == "none")
    assert torch.equal(samples(splits.training, 7), samples(splits.training, 7))
    assert splits.validation is not None
    assert torch.equal(samples(splits.validation, None), samples(splits.validation, None))
