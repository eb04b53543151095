"""A class computes what its block does, for values too that no copy in the spec has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.property.authoring import spec

torch = pytest.importorskip("torch")

from archdsl.emit.pytorch import emit  # noqa: E402
from archdsl.runtime.module import load as executed  # noqa: E402
from archdsl.runtime.module import model_class  # noqa: E402
from tests.emit.constructors import Tally, compare, recorded  # noqa: E402
from tests.emit.graphs import graph_of, inputs  # noqa: E402
from tests.thinning import thinned  # noqa: E402
from tests.zoo.published import usual  # noqa: E402

SPECS = Path(__file__).parents[2] / "specs"
ALL = usual(sorted(SPECS.rglob("*.arch")))
LARGE = {"efficientnet_b1", "efficientnet_b2", "efficientnet_b4", "efficientnet_v2_s"}
CELLS = """
block cell(width, stride=1) {
  let body = conv(width, 3, stride=stride, bias=false) -> batch_norm
  let skip = when(x.shape == body.shape, identity, else=conv(width, 1, stride=stride, bias=false))
  return add(body, skip) -> relu
}
arch A {
  data image(3, 32, 32)
  task classify(10)
  model = conv(8, 3) -> cell(8) -> cell(16, stride=2) -> cell(16) -> global_avg_pool
          -> linear(classes)
}
"""


def tally_of(text: str, name: str = "spec.arch", seed: int = 0, rows: int = 2) -> Tally:
    tally = Tally()
    for program in load(Source(text, name), SPECS).programs.values():
        with recorded() as entered:
            graph = program.evaluate(sampler(seed)).graph
        compare(graph, entered, tally, rows)
    return tally


def test_a_cell_is_right_for_a_stride_that_no_copy_has() -> None:
    module = executed(emit(graph_of(CELLS)), "cells")
    cell = module.Cell(8, 16, stride=4)
    assert cell(torch.rand(2, 8, 32, 32)).shape == (2, 16, 8, 8)
    tally = tally_of(CELLS)
    assert tally.compared > 20
    assert tally.wrong == []


def test_classes_that_read_the_edges_of_a_graph_are_their_blocks() -> None:
    text = """block layer(width, act, skip=false) {
      let conv = gcn(width) -> act
      return when(skip, concat(x, conv), else=conv)
    }
    arch A {
      data graph(8, nodes=20, edges=60)
      task classify(3)
      model = layer(16, relu) -> layer(8, elu, skip=true) -> layer(8, prelu) -> linear(classes)
    }"""
    tally = tally_of(text)
    assert tally.edges > 10
    assert tally.layers > 10
    assert tally.wrong == []


def test_copies_of_a_graph_layer_that_leave_out_different_arguments_are_one_class() -> None:
    text = """block layer(width, heads=1, join=true) = gat(width, heads=heads, concat=join) -> elu
    arch A {
      data graph(8, nodes=20, edges=60)
      task classify(3)
      model = layer(4, heads=2) -> layer(8) -> layer(8, heads=3, join=false) -> linear(classes)
    }"""
    written = emit(graph_of(text))
    assert written.count("class Layer") == 1
    assert "self.layer2 = Layer(8)\n" in written
    tally = tally_of(text)
    assert tally.compared > 10
    assert tally.wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("path", thinned(ALL, 8), ids=lambda path: path.stem)
def test_each_class_of_each_spec_is_its_block(path: Path) -> None:
    rows = 1 if path.stem in LARGE else 2
    assert tally_of(path.read_text(encoding="utf-8"), str(path), rows=rows).wrong == []


@pytest.mark.parametrize("name", ["mobilenet_v2", "resnet18", "shufflenet_v2_x1_0", "googlenet"])
def test_each_class_of_some_models_is_its_block(name: str) -> None:
    path = SPECS / "zoo" / f"{name}.arch"
    tally = tally_of(path.read_text(encoding="utf-8"), str(path), rows=1)
    assert tally.compared
    assert tally.wrong == []


@pytest.mark.slow
def test_each_class_of_many_random_specs_is_its_block() -> None:
    compared, wrong = 0, []
    for seed in thinned(range(500), 5):
        tally = tally_of(spec(seed).text, seed=seed, rows=1)
        compared += tally.compared
        wrong += [f"{seed}: {one}" for one in tally.wrong]
    assert compared > 200
    assert wrong == []


# What a user may change of a model ------------------------------------------------------------

ZOO = sorted(path.stem for path in usual((SPECS / "zoo").glob("*.arch")))
SMALL = ("resnet18", "mobilenet_v2", "googlenet", "gcn", "gin", "unet", "swin_t", "lenet5")


def _with_classes(name: str, classes: int) -> Any:
    path = SPECS / "zoo" / f"{name}.arch"
    program = load(Source(path.read_text(encoding="utf-8"), str(path)), SPECS).program()
    program.constants["classes"] = classes
    return program.evaluate(sampler(0)).graph


@pytest.mark.parametrize("name", SMALL)
def test_a_model_takes_its_number_of_classes(name: str) -> None:
    wanted = _with_classes(name, 17)
    given = graph_of((SPECS / "zoo" / f"{name}.arch").read_text(encoding="utf-8"))
    other = model_class(executed(emit(wanted), "wanted"))()
    model = model_class(executed(emit(given), "given"))(num_classes=17)
    assert list(model.state_dict()) == list(other.state_dict())
    model.load_state_dict(other.state_dict())
    tensors = inputs(wanted.model.takes)
    with torch.no_grad():
        assert torch.equal(model.eval()(*tensors), other.eval()(*tensors))


def test_a_model_takes_its_number_of_targets_and_of_words() -> None:
    text = "arch A { data table(4)  task regress(2)  model = linear(8) -> relu -> linear(targets) }"
    model = model_class(executed(emit(graph_of(text)), "targets"))
    assert model()(torch.rand(3, 4)).shape == (3, 2)
    assert model(num_targets=5)(torch.rand(3, 4)).shape == (3, 5)
    text = """arch B { data tokens(16, vocab=50)  task next_token()
      model = embedding(8) -> linear(vocab) }"""
    model = model_class(executed(emit(graph_of(text)), "words"))
    assert model(vocab_size=70)(torch.full((1, 16), 69)).shape == (1, 16, 70)
