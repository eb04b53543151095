"""Copies of a block are one class wherever they are the same block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archdsl.emit.pytorch import emit
from tests.emit.graphs import SPECS, graph_of
from tests.emit.test_constructors import tally_of

pytest.importorskip("torch")

ZOO = Path(__file__).parents[2] / "specs" / "zoo"
CELL = """
block cell(width, stride=1, act=relu) {
  return conv(width, 3, stride=stride, bias=false) -> batch_norm -> act
}
"""
ROWS = {
    "copies that some have none of": (
        "block b(n) = conv(16, 3) -> n * conv(16, 3)",
        "b(0) -> b(1) -> b(3)",
    ),
    "copies that some have none of, and nobody several": (
        "block b(n) = conv(16, 3) -> n * (conv(16, 3) -> relu) -> batch_norm",
        "b(0) -> b(1)",
    ),
    "a row that some copies have nothing of": (
        "block b(n) = n * conv(8, 3)",
        "conv(8, 3) -> b(0) -> b(1) -> b(3)",
    ),
    "the first of which changes the type in some": (
        CELL + "block b(width, n) = n * cell(width)",
        "b(16, 2) -> b(16, 3) -> b(32, 1) -> b(8, 4)",
    ),
    "a part that some copies choose to have": (
        "block b(width) = conv(width, 3) -> (batch_norm | identity) -> conv(width, 1)",
        " -> ".join(["b(16)"] * 8),
    ),
    "a layer applied twice": (
        "block b(act) = conv(16, 3) -> act -> conv(16, 3) -> act",
        "b(relu) -> b(silu) -> b(leaky_relu(0.2))",
    ),
    "a layer handed on to several blocks": (
        CELL + "block b(act) = cell(16, act=act) -> cell(16, act=act)",
        "b(relu) -> b(silu) -> b(prelu) -> b(identity)",
    ),
    "a layer handed on through several blocks, with an argument": (
        CELL
        + """block pair(act) = cell(16, act=act) -> 2 * cell(16, act=act) -> act
        block b(p, act) = pair(act) -> pair(leaky_relu(p))""",
        "b(0.1, relu) -> b(0.2, silu)",
    ),
}


def _spec(blocks: str, model: str) -> str:
    return f"arch A {{ data image(3, 16, 16)  model = {model} }}\n{blocks}"


@pytest.mark.parametrize("name", ROWS)
def test_copies_are_one_class_and_right(name: str) -> None:
    text = _spec(*ROWS[name])
    assert _suffixed(emit(graph_of(text))) == []
    tally = tally_of(text)
    assert tally.compared > 2
    assert tally.wrong == []


def _suffixed(source: str) -> list[str]:
    names = re.findall(r"^class (\w+)", source, re.MULTILINE)
    return [name for name in names if name[:-1] in names and name[-1] in "BCDEFGH"]


def _zoo(name: str) -> str:
    return (ZOO / f"{name}.arch").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["efficientnet_b0", "mnasnet1_0", "swin_t", "googlenet", "shufflenet_v2_x1_0"]
)
def test_published_models_have_one_class_for_each_block(name: str) -> None:
    assert _suffixed(emit(graph_of(_zoo(name)))) == []


def test_a_module_on_one_side_of_a_condition_is_none_on_the_other() -> None:
    text = emit(graph_of(_zoo("shufflenet_v2_x1_0")))
    assert "branch1 = self.branch1(x) if self.branch1 is not None else x[:, : self.stop]" in text
    assert "channels - channels // 2 if stride == 1 else in_channels," in text
    assert "ShuffleUnit(24, 116, stride=2), *[ShuffleUnit(116, 116) for _ in range(3)]" in text


def test_a_copy_of_another_type_stands_before_the_others() -> None:
    text = emit(graph_of(_spec(*ROWS["the first of which changes the type in some"])))
    assert "Cell(in_channels, width), *[Cell(width, width) for _ in range(n - 1)]" in text
    assert 'raise ValueError("B needs n >= 1")' in text


def test_a_layer_that_ends_up_in_several_places_is_handed_over_as_what_makes_it() -> None:
    text = emit(graph_of(_zoo("mobilenet_v3_large")))
    assert "act: Callable[[], nn.Module]," in text
    assert "ConvBnAct(in_channels, hidden, kernel=1, act=act())" in text
    assert "Bneck(16, 3, hidden=16, channels=16, act=nn.ReLU)" in text
    assert _suffixed(text) == []


def test_layers_whose_weights_are_made_of_others_are_handed_over() -> None:
    text = """
    block twice(w, f) = f -> relu -> f -> relu
    arch A {
      data image(8, 9, 9)
      model = twice(8, conv(8, 3, weights=spectral_norm)) -> twice(8, conv(8, 3))
              -> twice(8, conv(8, 3, weights=weight_norm))
    }
    """
    source = emit(graph_of(text))
    assert "lambda: spectral_norm(nn.Conv2d(8, 8, kernel_size=3, padding=1))" in source
    assert "from torch.nn.utils.parametrizations import spectral_norm, weight_norm" in source
    assert tally_of(text).wrong == []


@pytest.mark.slow
def test_the_blocks_of_a_detector_are_three_classes() -> None:
    text = (SPECS / "c2f.arch").read_text(encoding="utf-8")
    source = emit(graph_of(text))
    assert re.findall(r"^class (\w+)", source, re.MULTILINE) == [
        "Cbs",
        "BottleneckC2f",
        "C2f",
        "Detector",
    ]
    assert "act=partial(nn.LeakyReLU, negative_slope=0.1)" in source
    tally = tally_of(text)
    assert tally.layers > 50
    assert tally.wrong == []


def test_a_number_times_an_argument_is_a_formula_of_it() -> None:
    """``4 * width`` alone could be copies of a layer; where a number is handed, it is a product."""
    text = """block inner(hidden) = conv(hidden, 1) -> batch_norm -> relu -> conv(x.channels, 1)
    block outer(width) {
      let hidden = 4 * width
      return conv(width, 3) -> relu -> inner(hidden)
    }
    arch A {
      data image(3, 8, 8)
      model = outer(24) -> outer(32) -> outer(40) -> global_avg_pool -> linear(10)
    }"""
    source = emit(graph_of(text))
    assert "Inner(width, 4 * width)" in source
    assert "outer1 = Outer(3, 24)" in source


def test_an_argument_that_is_auto_in_every_copy_is_worked_out_by_the_op() -> None:
    text = """block unit(width, kernel, padding=auto) = conv(width, kernel, padding=padding) -> relu
    arch A {
      data image(3, 9, 9)
      model = unit(4, 3) -> unit(8, 5) -> unit(8, 1, padding=OTHER) -> flatten -> linear(10)
    }"""
    alike = emit(graph_of(text.replace("OTHER", "auto")))
    assert "padding=kernel // 2" in alike
    assert "padding: int" not in alike
    assert "padding=padding" in emit(graph_of(text.replace("OTHER", "1")))
