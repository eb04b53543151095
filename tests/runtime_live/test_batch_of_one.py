"""A norm over the batch that sees one value is found, and no command crashes of it."""

from __future__ import annotations

import json

import pytest

import archdsl
from archdsl.rules.config import Config
from archdsl.runtime.live.batches import random_batch
from archdsl.runtime.module import build
from archdsl.terms import Terms
from tests.unjudged import UNJUDGED

NORM = "linear(4) -> batch_norm"
MODELS = [
    ("table(8)", f"{NORM} -> relu"),
    ("series(1, 8)", NORM),
    ("series(2, 8)", NORM),
    ("series(5, 8)", f"{NORM} -> last -> batch_norm"),
    ("image(3, 4, 4)", "conv(4, 4, padding=0) -> batch_norm"),
    ("image(3, 4, 4)", "conv(4, 3) -> batch_norm"),
    ("image(3, 1, 2)", "batch_norm -> global_avg_pool -> linear(3)"),
    ("image(3, 4, 4)", "global_avg_pool -> residual(batch_norm -> linear(3))"),
    ("volume(3, 1, 1, 1)", "batch_norm"),
    ("volume(3, 2, 1, 1)", "batch_norm"),
    ("graph(5, nodes=1, edges=2)", NORM),
    ("graph(5, nodes=6, edges=9)", NORM),
    ("graph(5, nodes=6, edges=9, graphs=9)", f"{NORM} -> graph_pool(sum) -> batch_norm"),
    ("table(8)", "linear(4) -> layer_norm"),
    ("table(8)", "linear(4) -> group_norm(2)"),
]


def text_of(data: str, model: str, batch: int, task: str = "") -> str:
    return f"arch One {{ data {data} {task} train adam(batch={batch}) model = {model} }}"


def is_found(text: str) -> bool:
    found = archdsl.check(text, terms=Terms(Config(select=("P709",)))).diagnostics
    return [one.code for one in found] == ["P709"]


def trains(text: str, batch: int) -> bool:
    graph = archdsl.compile(text, terms=UNJUDGED).graph
    module = build(graph).train()
    given = random_batch(graph.model.takes, module, batch)
    try:
        module(*given)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize(("data", "model"), MODELS)
def test_it_is_found_exactly_where_pytorch_cannot_train(data: str, model: str, batch: int) -> None:
    text = text_of(data, model, batch)
    assert is_found(text) is not trains(text, batch)


@pytest.mark.parametrize("samples", range(1, 14))
@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_the_last_batch_of_an_epoch_is_one_too(samples: int, batch: int) -> None:
    text = text_of(f"table(8, samples={samples})", NORM, batch)
    left = [min(batch, samples - start) for start in range(0, samples, batch)]
    assert is_found(text) is not all(trains(text, size) for size in left)


TASK = "task classify(3)"
BAD = "linear(4, bias=false) -> batch_norm -> relu -> linear(classes)"


@pytest.mark.parametrize("command", ["verify", "profile"])
def test_a_command_takes_as_many_samples_as_it_takes(run, folder, command: str) -> None:
    (folder / "one.arch").write_text(text_of("table(4)", BAD, 1, TASK))
    result = run(command, "one.arch", "--format", "json")
    assert "P709" in result.stderr
    assert result.exit_code == 1
    assert json.loads(result.stdout)["batch"] == 2
    refused = run(command, "one.arch", "--batch", "1")
    assert refused.exit_code == 2
    assert "One cannot train on batches of 1" in refused.stderr


@pytest.mark.parametrize("command", ["verify", "profile"])
@pytest.mark.parametrize("batch", [1, 3, 24])
def test_a_command_takes_the_batch_of_the_spec(run, folder, command: str, batch: int) -> None:
    (folder / "one.arch").write_text(text_of("table(4)", "linear(8) -> relu -> linear(3)", batch))
    assert json.loads(run(command, "one.arch", "--format", "json").stdout)["batch"] == batch
    assert run(command, "one.arch", "--batch", "1").exit_code == 0


def test_a_graph_of_one_node_cannot_train_and_is_told_so(run, folder) -> None:
    model = "linear(4, bias=false) -> batch_norm -> linear(2)"
    (folder / "one.arch").write_text(text_of("graph(5, nodes=1, edges=1)", model, 8))
    for command in ("verify", "profile"):
        result = run(command, "one.arch")
        assert result.exit_code == 2
        assert "a norm over the batch sees the one node" in result.stderr


@pytest.mark.parametrize("batch", [1, 7, 106])
def test_baselines_are_compared_whatever_the_batch(run, folder, batch: int) -> None:
    # 106 of iris' samples are learned: 7 leave one over
    (folder / "one.arch").write_text(text_of("table(4)", BAD, batch, TASK))
    result = run("baselines", "one.arch", "--data", "sklearn:iris", "--seeds", "1")
    assert "Traceback" not in result.stderr
    assert "One" in result.stdout
