"""Another model for the same data, where nothing near the one there passes."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.suggesting.anew import described
from archdsl.suggesting.search import Searching

MLP = "flatten -> linear(512) -> relu -> linear(256) -> relu -> linear(classes)"
GRAPH = "graph(16, nodes=100, edges=400, graphs=900)"


def spec(data: str, model: str, task: str = "classify(10)", train: str = "") -> str:
    return f"arch Net {{\n  data {data}\n  task {task}\n  {train}\n  model = {model}\n}}\n"


def searched(text: str):
    found = Searching(Source(text, "net.arch"), "Net").suggestions()
    for one in found:
        assert archdsl.check(one.text).ok, one.title
    return found


@pytest.mark.parametrize("train", ["", "train adamw(batch=256)"])
def test_where_nothing_like_it_passes_another_model_is_offered(train):
    (one,) = searched(spec("image(3, 32, 32, samples=50_000)", MLP, train=train))
    assert one.title.startswith("another model, the ResNet")
    assert one.text.count("train adamw(") == 1
    assert "linear(512)" not in one.text


def test_a_let_that_a_requirement_reads_stays():
    lets = "let base = 512\n  let wide = 8 * base\n  let tall = 256\n  require wide >= 8\n  model"
    text = spec("image(3, 32, 32, samples=50_000)", MLP).replace("model", lets)
    (one,) = searched(text)
    assert one.title.startswith("another model, the ResNet")
    assert "let base = 512" in one.text
    assert "let wide = 8 * base" in one.text
    assert "let tall" not in one.text


def test_the_lets_of_the_old_model_go_with_it():
    text = spec("table(20, samples=100)", "wide -> 8 * transformer_encoder(8) -> mean_over -> last")
    text = text.replace("-> last", "-> linear(1)").replace("classify(10)", "regress(1)")
    lets = "let tall = 256\n  let wide = reshape(1, length=20) -> linear(tall)\n  model"
    (one,) = searched(text.replace("model", lets))
    assert "let tall" not in one.text
    assert "model = linear(" in archdsl.format(one.text)


@pytest.mark.parametrize(
    ("data", "task", "kind"),
    [
        ("volume(1, 8, 16, 16, samples=500)", "classify(2)", "volume"),
        ("series(96, 7, samples=5_000)", "regress(3)", "series"),
        ("tokens(64, vocab=1_000, samples=5_000)", "next_token()", "tokens"),
        (GRAPH, "classify(2)", "graph"),
    ],
)
def test_data_is_known_as_it_is_asked_for(data, task, kind):
    found = described(load(Source(spec(data, "relu", task))).program())
    assert found is not None
    assert (found.kind, found.task) == (kind, task.partition("(")[0])
    assert found.many_graphs is (kind == "graph")


def test_of_data_that_is_not_known_well_enough_none_is_made():
    assert described(load(Source(spec("image(3, 32, 32)", "relu"))).program()) is None
    text = "arch Net { data table(8, samples=100) model = relu }"
    assert described(load(Source(text)).program()) is None
    assert searched(spec("image(3, 32, 32)", MLP)) == []


def test_limits_that_the_new_model_misses_leave_none():
    text = spec("image(3, 32, 32, samples=50_000)", MLP)
    assert searched(text.replace("  model", "  require params <= 10\n  model")) == []


TWO = "image(3, 16, 16, samples=20_000)\n  data facts = table(12)"
WIDE = "picture -> flatten -> linear(999) -> relu -> linear(999) -> relu, facts"


def test_several_inputs_get_a_tower_each():
    text = spec(TWO, f"concat({WIDE}) -> linear(900) -> relu -> linear(classes)")
    (one,) = searched(text.replace("data image", "data picture = image"))
    assert one.title.startswith("another model, the Towers")
    assert "picture -> picture_tower" in one.text
    assert "facts -> 2 * (linear(64)" in one.text


def test_several_tasks_get_a_result_each():
    model = "flatten -> linear(999) -> relu -> linear(999) -> relu"
    text = spec("image(3, 16, 16, samples=20_000)", f"let body = {model}")
    text = text.replace("task classify(10)", "task kind = classify(10)\n  task age = regress(2)")
    text = text.replace("model = let", "model {\n    let").replace("\n}", RESULTS)
    (one,) = searched(text)
    assert "features -> linear(kind.classes), features -> linear(age.targets)" in one.text


RESULTS = "\n    return body -> linear(kind.classes), body -> linear(age.targets)\n  }\n}"


@pytest.mark.parametrize(
    "data",
    [
        "z = noise(4)\n  data facts = table(3, samples=900)",
        "a = table(3, samples=900, pretrained=true)\n  data facts = table(4)",
    ],
)
def test_inputs_that_new_knows_no_tower_for_leave_none(data):
    text = spec(data, "concat(facts, linear(3)) -> linear(classes)")
    assert described(load(Source(text)).program()) is None
