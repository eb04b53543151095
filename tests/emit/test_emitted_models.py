"""What is emitted runs, is as large as predicted, and has torchvision's keys."""

from __future__ import annotations

import pytest

from archdsl.cost import counts
from archdsl.emit.pytorch import emit
from archdsl.runtime.module import build
from archdsl.types import shape
from tests.emit.graphs import NAMES, graph, graph_of, inputs
from tests.peers import torchvision_model

torch = pytest.importorskip("torch")

PEERS = {"resnet50": "resnet50", "mobilenet_v2": "mobilenet_v2", "vgg16": "vgg16"}
MOST_LINES = {"resnet50": 120, "mobilenet_v2": 100}


@pytest.mark.parametrize("name", NAMES)
def test_parameters_and_shape_are_those_of_the_graph(name: str) -> None:
    _check(graph(name))


def _check(made) -> None:
    model = build(made).eval()
    assert sum(p.numel() for p in model.parameters()) == counts.params(made)
    with torch.no_grad():
        output = model(*inputs(made.model.takes))
    wanted = shape(made.model.out)
    assert tuple(output.shape[-len(wanted) :]) == wanted


@pytest.mark.parametrize("name", PEERS)
def test_torchvisions_weights_load_and_give_equal_outputs(name: str) -> None:
    peer = torchvision_model(PEERS[name])
    model = build(graph(name)).eval()
    model.load_state_dict(peer.state_dict(), strict=True)
    (images,) = inputs(graph(name).model.takes)
    with torch.no_grad():
        assert torch.allclose(model(images), peer(images), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", MOST_LINES)
def test_it_stays_short(name: str) -> None:
    assert emit(graph(name)).count("\n") <= MOST_LINES[name]


def test_it_never_names_archdsl_in_code() -> None:
    for name in NAMES:
        code = [line for line in emit(graph(name)).splitlines() if not line.startswith("#")]
        assert not any("archdsl" in line for line in code)


CELLS = """
block op(width) = conv(width, 3 | 5) -> (relu | gelu | identity) -> (batch_norm | identity)
block unit(width, skip=true) {
  let body = op(width) -> (identity | op(width))
  return when(all(skip, x.shape == body.shape), add(x, body), else=body)
}
arch Cells {
  data image(8, 12, 12, samples=1000)
  task classify(10)
  model = each(i = 1 to 4, unit(8 | 16, skip=true | false)) -> 2 * unit(16) -> global_avg_pool
       -> linear(classes)
}
"""


@pytest.mark.parametrize("seed", range(25))
def test_random_designs_hold_too(seed: int) -> None:
    _check(graph_of(CELLS, seed))


SELECTED = """
block node(width, p=0.1) {
  let skip = conv(width, 1)
  let body = permute(conv(width, 3), batch_norm, relu)
  return add(skip, pick(1 to 2, body, conv(width, 5), x -> conv(width, 1)) | none)
         -> concat(skip, relu | none) -> conv(width, 1)
         -> mul(identity, skip | none, sigmoid | none)
         -> dropout(p)
}
arch Selected {
  data image(4, 8, 8, samples=1000)
  task classify(10)
  let p = 0.1 to 0.5
  model = each(w = pick(2, 4, 8, 16), node(w, p)) -> add(skip(w=8) | none, node(8))
       -> global_avg_pool -> linear(classes)
}
block skip(w) = conv(w, 1) -> add(pick(1, x, tanh)) -> conv(w, 1)
"""


@pytest.mark.parametrize("seed", range(40))
def test_designs_of_selections_hold_too(seed: int) -> None:
    _check(graph_of(SELECTED, seed))


def test_what_all_copies_read_is_not_written_over_by_what_flows() -> None:
    text = """
        block plus(memory) { let y = linear(8) return add(y, memory) }
        arch A { data series(5, 8) model {
          let start = linear(8) -> tanh
          let memory = start -> linear(8) -> relu
          return start -> 3 * plus(memory)
        } }
    """
    made = graph_of(text)
    module = build(made).eval()
    x = torch.randn(2, 5, 8)
    with torch.no_grad():
        flow = torch.tanh(module.start(x))
        memory = torch.relu(module.memory(flow))
        for layer in module.plus:
            flow = layer.y(flow) + memory
        torch.testing.assert_close(module(x), flow)
    assert "x = layer(x, memory)" in emit(made)
