"""Bytes kept for backward are what autograd really saves: exactly, or at most where it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from archdsl.cost.saved import saved_for_backward
from archdsl.runtime.live.batches import random_batch
from archdsl.runtime.module import build
from archdsl.types import Nodes
from tests.cost.conftest import model

if TYPE_CHECKING:
    from torch import nn

    from archdsl.graph.nodes import Graph

SERIES, IMAGE, VOLUME, TABLE = "series(12, 8)", "image(8, 6, 6)", "volume(8, 4, 4, 4)", "table(8)"
GRAPH, GRAPHS = "graph(8, nodes=20, edges=60)", "graph(8, nodes=20, edges=60, graphs=50)"
LINKED = [text.replace("edges=60", "edges=60, edge_features=3") for text in (GRAPH, GRAPHS)]
# what flows in wants a gradient: of the data itself less is kept
FIRST = {IMAGE: "conv(8, 1)", VOLUME: "conv(8, 1)"}
ATTENDING = [
    f"attention({arguments}{drop})"
    for drop in ("", ", dropout=0.1")
    for arguments in (
        *("1", "2", "4, kv_heads=2", "4, kv_heads=1", "1, causal=true", "2, causal=true"),
        *("1, rotary=true", "2, rotary=true", "4, kv_heads=2, rotary=true", "2, bias=false"),
        *("4, rotary=true", "4, rotary=true, causal=true", "2, rotary=true, head_width=6"),
        *("1, head_width=6", "2, head_width=6", "1, memory=linear(5)", "2, memory=linear(5)"),
        *("1, memory=linear(5) -> slice(0, 3)", "4, kv_heads=2, memory=linear(5)"),
    )
]
RECURRENT = [
    f"{word}(16{arguments})"
    for word in ("rnn", "gru")
    for arguments in ("", ", layers=2", ", layers=3, dropout=0.3", ", bias=false")
]
BOTH_WAYS = [text.replace("16", "16, bidirectional=true") for text in RECURRENT]
GATED = [
    *("highway(linear(8) -> relu)", "2 * highway(linear(8) -> tanh)"),
    *("highway(conv(8, 3) -> relu)", "highway(conv(8, 3), gate=conv(8, 1) -> sigmoid)"),
    "2 * highway(conv(8, 3) -> relu, gate=conv(8, 1) -> sigmoid)",
    "highway(linear(8), gate=mean_over -> linear(8) -> sigmoid)",
    "mix(linear(1) -> sigmoid, linear(8), linear(8))",
    "mul(conv(8, 3) -> sigmoid, linear(8))",
]
NORMED = [
    *("layer_norm", "rms_norm", "group_norm(2)", "instance_norm(affine=true)"),
    *(
        "l2_norm",
        "local_response_norm(3)",
        "dropout(0.1)",
        "drop_path(0.1)",
        "layer_scale",
        "prelu",
    ),
]
RECKONED = [
    *(
        "abs",
        "tanh -> exp",
        "softplus -> shift(0.1) -> log",
        "sigmoid -> sqrt",
        "sin -> cos",
        "pow(2)",
        "pow(3)",
    ),
    *("clamp(-1, 1)", "scale(0.2)", "scale(0.0, learned=true)", "shift(1.0)"),
    *("shift(0.0, learned=true)", "2 * residual(pow(2) -> scale(0.1))"),
    *(
        f"{word}(tanh, {other})"
        for word in ("subtract", "divide", "maximum", "minimum")
        for other in ("identity", "sigmoid", "tanh")
    ),
]
RESIZED = [
    *("resize(size(9, 4))", "resize(4, mode=area)", "resize(1, mode=area)", "crop(4)", "pad(-1)"),
    *("resize(9, mode=bicubic)", "resize(4, mode=bilinear, antialias=true)", "roll(1) -> tanh"),
    *("conv(8, 3, stride=2, padding=same)", "conv(8, 2, padding=same)", "conv(8, 5, padding=same)"),
    *("max_pool(3, stride=2, padding=same)", "avg_pool(2, stride=1, padding=same)"),
    *("max_pool(3, stride=1, padding=same)", "avg_pool(3, stride=1, padding=same)"),
    *("transpose(height, width)", "transpose(channels, width) -> conv(8, 1)", "first(axis=height)"),
    *("matmul(identity, conv(8, 3))", "add(tanh, global_avg_pool -> tanh)"),
]
ALONG_EDGES = [
    *("gcn(8)", "gat(8)", "gat(4, heads=2, dropout=0.2)", "gin(8)", "gin(8, hidden=9)"),
    *("gin(8, layers=1)", "sage(8)", "sage(8, aggregate=max)", "graph_conv(8, aggregate=mean)"),
    *("graph_conv(8)", "cheb(8)", "cheb(8, terms=4)", "arma(8)", "arma(8, stacks=3, layers=2)"),
    *("arma(8, stacks=3, layers=2, shared=true, dropout=0.3)", "propagate", "propagate(3)"),
    "propagate(3, restart=0.1)",
]
BESIDE_THEIR_EDGES = [
    *("gatv2(8)", "gatv2(4, heads=2, dropout=0.2)", "gatv2(4, heads=2, shared=true, concat=false)"),
    *("gatv2(8, residual=true)", "transformer_conv(8)", "transformer_conv(4, heads=2, gated=true)"),
    *("transformer_conv(4, heads=2, dropout=0.2, concat=false)", "edge_conv(8)"),
    *("edge_conv(8, hidden=9, aggregate=mean)", "edge_conv(8, layers=1, aggregate=sum)"),
    *("pna(8)", "pna(8, towers=2, pre_layers=2, post_layers=2)", "pna(8, towers=4, split=true)"),
]
POOLED = [
    "graph_pool(attention)",
    *("gin(8) -> graph_pool(mean)", "sage(8) -> relu -> graph_pool(max)"),
    "gin(5) -> concat(graph_pool(sum), graph_pool(mean)) -> linear(3)",
]
MADE = [
    *("std_conv(8, 3)", "std_conv(8, 3, scaled=true, groups=2)", "conv(8, 3, weights=weight_norm)"),
    "deform_conv(8, 3, groups=2)",
    *("conv(8, 3, weights=spectral_norm)", "conv_transpose(8, 3, weights=spectral_norm)"),
]
DENSE = ["linear(8, weights=weight_norm)", "linear(8, weights=spectral_norm)"]
SCANNED = ["selective_scan(4)", "selective_scan(3, rank=2) -> selective_scan(1)"]
PADDED = [
    *("mean_over", "max_over", "last", "softmax(axis=length)", "pad(2)", "batch_norm"),
    *("conv(4, 3, stride=2)", "max_pool(2)", "avg_pool(3, stride=1)", "attention(2)"),
    *("attention(2, dropout=0.1)", "attention(2, reach=2)", "attention(2, softcap=2)"),
    *("attention(2, memory=linear(6))", "local_attention(2, reach=3, global_tokens=1)"),
]
EXACT = [
    *(("series(12, 8, padded=true)", text) for text in PADDED),
    *((SERIES, text) for text in SCANNED),
    *((SERIES, text) for text in (*ATTENDING, *GATED, *NORMED)),
    *((IMAGE, text) for text in MADE),
    *((TABLE, text) for text in DENSE),
    *((IMAGE, text) for text in ("max_pool(2)", "pad(1, mode=reflect)", *NORMED)),
    *((IMAGE, text) for text in RESIZED),
    *((VOLUME, text) for text in ("avg_pool(2)", "adaptive_avg_pool(2)", *NORMED[:5])),
    *((TABLE, text) for text in ("highway(linear(8))", "bilinear(linear(4), linear(5), 7)")),
    *((data, text) for data in (TABLE, IMAGE) for text in RECKONED),
    *((data, text) for data in (GRAPH, GRAPHS) for text in ALONG_EDGES),
    *((data, text) for data in (GRAPH, GRAPHS, *LINKED) for text in BESIDE_THEIR_EDGES),
    *((data, text) for data in LINKED for text in ("gine(8)", "gine(7, layers=1) -> gine(8)")),
    *((data, "nn_conv(4) -> nn_conv(3, aggregate=mean, root=false)") for data in LINKED),
    *((data, "gatv2(8, edge_features=false) -> pna(8, edge_features=false)") for data in LINKED),
    *((GRAPHS, text) for text in POOLED),
]


def kept(graph: Graph, batch: int, module: nn.Module | None = None) -> int:
    """Bytes of the unique storages that autograd keeps, the module's own left out."""
    torch.manual_seed(0)
    module = build(graph).train() if module is None else module
    own = {t.untyped_storage()._cdata for t in (*module.parameters(), *module.buffers())}
    found: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in own:
            found[storage._cdata] = storage
        return tensor

    given = random_batch(graph.model.takes, module, batch)
    if isinstance(graph.model.takes, Nodes):
        given[1] = _without_loops(given[1])
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        result = module(*given)
    del result
    return sum(storage.nbytes() for storage in found.values())


def _without_loops(edges: torch.Tensor) -> torch.Tensor:
    """The edges, none of them from a node to itself: of those some layers make others."""
    start, end = edges
    graph = start // 20 * 20
    return torch.stack((start, torch.where(start == end, graph + (end + 1) % 20, end)))


@pytest.mark.parametrize(("data", "text"), EXACT)
def test_it_is_what_autograd_saves(data: str, text: str) -> None:
    first = FIRST.get(data, "linear(8)")
    for whole in (f"{first} -> {text}", f"{first} -> sigmoid -> {text} -> tanh"):
        graph = model(whole, data)
        for batch in (1, 2, 5):
            assert saved_for_backward(graph).bytes(batch) == kept(graph, batch), (whole, batch)


@pytest.mark.parametrize("text", [*RECURRENT, *BOTH_WAYS])
def test_of_recurrent_layers_it_is_a_bound_for_a_batch_of_one(text: str) -> None:
    for first in ("linear(8)", "linear(8) -> sigmoid", "linear(8) -> relu -> linear(8)"):
        graph = model(f"{first} -> {text} -> tanh", SERIES)
        told = saved_for_backward(graph)
        assert kept(graph, 1) <= told.bytes(1) <= kept(graph, 1) + 2 * 12 * 8 * 4
        assert [told.bytes(batch) for batch in (2, 5)] == [kept(graph, batch) for batch in (2, 5)]


@pytest.mark.parametrize("text", ["", ", layers=2", ", bidirectional=true", ", bias=false"])
def test_it_bounds_an_lstm_by_whole_pages(text: str) -> None:
    graph = model(f"linear(8) -> lstm(16{text})", SERIES)
    layers = 1 + (text != "" and "bias" not in text)
    for batch in (1, 2, 5):
        spare = saved_for_backward(graph).bytes(batch) - kept(graph, batch)
        assert 0 <= spare <= 28 * 1024 * layers + 12 * 8 * 4 * layers


@pytest.mark.parametrize("data", [GRAPH, GRAPHS])
@pytest.mark.parametrize("text", [*ALONG_EDGES, "sigmoid -> linear(3)", "mul(linear(8), x)"])
def test_of_the_data_itself_it_is_a_bound(data: str, text: str) -> None:
    graph = model(text, data)
    for batch in (1, 3):
        assert saved_for_backward(graph).bytes(batch) >= kept(graph, batch)


def test_a_series_is_copied_once_more_where_its_layout_changes() -> None:
    graph = model("conv(8, 3) -> relu -> linear(8)", SERIES)
    assert kept(graph, 2) - saved_for_backward(graph).bytes(2) == 2 * 12 * 8 * 4


def test_a_single_graph_is_one_whatever_the_batch() -> None:
    graph = model("linear(8) -> sage(8) -> relu -> sage(3)", GRAPH)
    assert len({saved_for_backward(graph).bytes(batch) for batch in (1, 8, 64)}) == 1
