"""Runs of norms and 1x1 convolutions work with the channels as the last axis, and compute what they
would compute otherwise."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import archdsl
from archdsl.cost.saved import saved_for_backward
from archdsl.emit.pytorch import emit
from archdsl.emit.pytorch.channels_last import Runs
from archdsl.runtime.module import build
from tests.cost.test_saved_live import kept
from tests.emit.graphs import graph_of, inputs
from tests.library.pages import compiled, graph
from tests.peers import import_torchvision
from tests.property.running import disagreements
from tests.unjudged import UNJUDGED
from tests.zoo import transfer
from tests.zoo_sequence.weights import randomised

if TYPE_CHECKING:
    from torch import Tensor, nn

GATED = """
block ff(act, d=0.0) {
  let body = layer_norm -> shift(0.1, learned=true) -> conv(2 * x.channels, 1) -> act
             -> when(d > 0, dropout(d))
             -> 2 * (conv(2 * x.channels, 1) -> silu) -> glu -> rms_norm
  return add(x, body -> layer_scale)
}
block mlp(c) = layer_norm(bias=false) -> conv(c, 1, bias=false, weights=spectral_norm) -> softmax
               -> scale(0.5) -> conv(c, 1, padding=same) -> drop_path(0.1)
arch Gated {
  data image(8, 6, 6)
  task classify(3)
  model = ff(gelu) -> ff(relu, d=0.1) -> conv(12, 3) -> ff(prelu) -> mlp(16) -> layer_norm
       -> conv(8, 1) -> gelu -> conv(4, 1, groups=2) -> global_avg_pool -> linear(classes)
}
"""
VOLUMES = """
arch Volumes {
  data volume(4, 5, 6, 6)
  task classify(3)
  model = layer_norm -> layer_scale(0.5) -> conv(8, 1) -> hard_swish -> conv(6, 1)
       -> global_avg_pool -> linear(classes)
}
"""


class Calls(TorchDispatchMode):
    """Counts the kernels that run, views among them."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.counts[func._schema.name.removeprefix("aten::")] += 1
        return func(*args, **(kwargs or {}))


def calls(module: nn.Module, x: Tensor) -> Counter[str]:
    with torch.no_grad(), Calls() as found:
        module(x)
    return found.counts


def both(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[nn.Module, nn.Module]:
    """A model with and without runs, and one set of weights, in evaluation."""
    made = build(graph_of(text)).eval()
    with monkeypatch.context() as patched:
        patched.setattr(Runs, "together", lambda self, flow: flow)
        other = build(graph_of(text)).eval()
    transfer.randomise(made)
    sizes = {name: tensor.shape for name, tensor in other.state_dict().items()}
    given = {name: tensor.reshape(sizes[name]) for name, tensor in made.state_dict().items()}
    other.load_state_dict(given)
    return made, other


def test_a_convnext_block_calls_the_kernels_of_torchvisions() -> None:
    import_torchvision()
    from torchvision.models.convnext import CNBlock

    theirs = randomised(CNBlock(32, 1e-6, 0.0).eval())
    ours = compiled("convnext", data="image(32, 16, 16)").module().eval()
    x = torch.randn(2, 32, 16, 16).to(memory_format=torch.channels_last)
    transfer.copy(theirs, ours, x)
    found, expected = calls(ours, x), calls(theirs, x)
    assert found.pop("unsqueeze") == 2  # the scale of each channel is kept as a row
    assert found.pop("add") == expected.pop("add_")
    assert found == expected
    assert (found["permute"], found["native_layer_norm"], found["addmm"]) == (2, 1, 2)
    torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=1e-5)


@pytest.mark.parametrize("text", [GATED, VOLUMES], ids=["gated", "volumes"])
def test_it_computes_what_it_would_otherwise(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, other = both(text, monkeypatch)
    (x,) = inputs(graph_of(text).model.takes)
    torch.testing.assert_close(made(x), other(x), rtol=1e-5, atol=1e-5)
    found, before = calls(made, x), calls(other, x)
    assert found["permute"] <= before["permute"]
    assert found["convolution"] + found["addmm"] >= before["convolution"]
    assert found["convolution"] < before["convolution"]


@pytest.mark.parametrize("text", [GATED, VOLUMES], ids=["gated", "volumes"])
def test_it_has_the_costs_that_are_foretold(text: str) -> None:
    given = archdsl.compile(text, terms=UNJUDGED)
    assert list(disagreements(given)) == []
    for batch in (1, 2):
        assert kept(given.graph, batch) == saved_for_backward(given.graph).bytes(batch)


def layers(model: str, data: str = "image(4, 6, 6)") -> list[str]:
    """The submodules of a model, and its permutations, in the order of the text."""
    text = emit(graph(model, data))
    return re.findall(r"nn\.((?:LayerNorm|Linear|Conv)\w*)(?=\()|(?<=\.)permute\((?=0, 2)", text)


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        ("layer_norm -> conv(8, 1)", "LayerNorm Linear"),
        ("layer_norm -> relu -> conv(8, 1) -> relu -> conv(4, 1)", "LayerNorm Linear Linear"),
        ("layer_norm -> conv(8, 1) -> conv(8, 3)", "LayerNorm Linear Conv2d"),
        ("conv(8, 1) -> layer_norm -> relu", "Conv2d LayerNorm"),
        ("layer_norm -> conv(8, 3) -> conv(4, 1)", "LayerNorm Conv2d Conv2d"),
        ("layer_norm -> conv(8, 1, groups=4)", "LayerNorm Conv2d"),
        ("layer_norm -> conv(8, 1, stride=2)", "LayerNorm Conv2d"),
        ("layer_norm -> batch_norm -> conv(8, 1)", "LayerNorm Conv2d"),
        ("layer_norm(over=all) -> conv(8, 1)", "LayerNorm Conv2d"),
        ("layer_norm -> add(x, relu) -> conv(8, 1)", "LayerNorm Conv2d"),
    ],
)
def test_a_run_is_of_ops_that_work_on_each_position(model: str, wanted: str) -> None:
    found = [name for name in layers(model) if name]
    assert " ".join(found) == wanted


KERNELS = """
block ff(k) = layer_norm -> conv(8, k) -> relu
arch A {{ data image(8, 6, 6)  model = {} -> linear(2) }}
"""


@pytest.mark.parametrize(
    ("calls", "wanted"),
    [("ff(1) -> ff(1)", "nn.Linear(8, 8)"), ("ff(1) -> ff(3)", "nn.Conv2d(8, 8, kernel_size=k")],
)
def test_one_class_of_several_kernels_stays_a_convolution(calls: str, wanted: str) -> None:
    text = emit(graph_of(KERNELS.format(f"{calls} -> global_avg_pool")))
    assert wanted in text
    assert text.count("class Ff") == 1


def test_it_reads_as_one_would_write_it() -> None:
    text = emit(graph("convnext", "image(32, 8, 8)"))
    assert (
        """\
        out = self.body_1(x)
        out = self.body_2(out.permute(0, 2, 3, 1))
        out = F.gelu(self.body_3(out))  # 8x8x128
        out = self.body_4(out).permute(0, 3, 1, 2)  # 32x8x8
        return x + self.scale(out)
"""
        in text
    )
