"""Rows of different lengths: each gives what it gives alone; what would read padding is refused."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

from archdsl.diagnostics import SpecError
from archdsl.runtime.module import build
from archdsl.types import Padded, Sequence, Tokens
from tests.cost.conftest import graph_of, model

if TYPE_CHECKING:
    from torch import Tensor

ROWS = (12, 7, 3, 5)
SERIES = "series(12, 8"
BIASED = "attention(2, position_bias=bucketed_position_bias(2)"
DOT = "dot_product_attention(linear(8), linear(8), linear(8), heads=2"
ALIKE = [
    *("mean_over", "max_over", "global_avg_pool", "global_max_pool", "last", "first"),
    *(
        "relu",
        "layer_norm",
        "batch_norm",
        "local_response_norm(3)",
        "add(slice(0, 4), slice(4, 8))",
    ),
    *("conv(4, 3)", "conv(4, 5, dilation=2)", "conv(4, 4, padding=same)", "std_conv(4, 3)"),
    *("conv(4, 3, stride=2) -> mean_over", "conv(4, 3, weights=weight_norm) -> max_over"),
    *("conv(4, 3, padding=0)", "pad(2, after=0) -> conv(4, 3, padding=0)", "pad(1)"),
    *("max_pool(3, stride=2)", "max_pool(2) -> attention(2)", "avg_pool(3, stride=1)"),
    *("lstm(3)", "gru(3, bidirectional=true)", "selective_scan(4)", "mamba_block(4)"),
    "rnn(3, layers=2, bidirectional=true) -> last",
    *("attention(2)", "attention(2, causal=true)", "attention(2, reach=2)", f"{BIASED})"),
    *("attention(2, reach=2, global_tokens=2)", "attention(2, rotary=true)"),
    *("attention(2, softcap=2)", "attention(2, cosine=true, sinks=true, reach=1)"),
    *("attention(2, kv_heads=1)", "attention(2, value_width=3, features=4)"),
    *(f"{BIASED}, reach=2)", f"{DOT})", f"{DOT}, reach=2)", f"{DOT}, sinks=true, causal=true)"),
    f"{DOT}, causal=true)",
    *("attention(2, memory=linear(6)) -> mean_over", "rotary_embedding(2)"),
    "parameter(size(2, 8)) -> attention(2, memory=x) -> flatten",
    *("class_token -> attention(2) -> first", "class_token -> gru(3, bidirectional=true) -> last"),
    *("softmax(axis=length)", "mul(x, x -> linear(1) -> softmax(axis=length)) -> mean_over"),
    *("transformer_encoder(2)", "tcn_block(8)", "gpt_block(2)", "concat(x, conv(3, 1))"),
    *("local_attention(2, reach=2, causal=true)", "local_attention(2, reach=5)"),
    *("local_attention(2, reach=3, global_tokens=1)", "longformer_block(2, reach=2)"),
]


def _both(text: str) -> tuple[nn.Module, nn.Module]:
    """A model for padded rows, and with the same weights that for rows of one length."""
    padded = build(model(text, f"{SERIES}, padded=true)")).eval()
    plain = build(model(text, f"{SERIES})")).eval()
    for weight in padded.parameters():
        nn.init.normal_(weight, std=0.3)
    for name, buffer in padded.named_buffers():
        if "running" in name:
            nn.init.uniform_(buffer, 0.5, 2)
    plain.load_state_dict(padded.state_dict())
    return padded, plain


@pytest.mark.parametrize("text", ALIKE)
def test_a_row_gives_what_it_gives_alone(text: str) -> None:
    padded, plain = _both(text)
    x = 3 * torch.randn(len(ROWS), 12, 8, requires_grad=True)
    found = padded(x, torch.tensor(ROWS))
    for place, length in enumerate(ROWS):
        alone = plain(x[place : place + 1, :length])[0]
        mine = found[place][: len(alone)] if alone.dim() == 2 else found[place]
        torch.testing.assert_close(mine, alone, rtol=1e-5, atol=1e-5)
    _reads_none_of_its_padding(found, x, text)


def _reads_none_of_its_padding(found: Tensor, x: Tensor, text: str) -> None:
    if found.dim() == 3:
        return
    (slopes,) = torch.autograd.grad(found.sum(), x)
    for slope, length in zip(slopes, ROWS, strict=True):
        assert not slope[length:].any(), text


STEPS = [
    *("conv(8, 3)", "conv(8, 3, stride=2)", "attention(2)", "gru(4, bidirectional=true)"),
    *("batch_norm -> relu", "max_pool(2)", "avg_pool(3, stride=1)", "class_token", "layer_norm"),
    *("residual(attention(2, reach=1))", "add(identity, lstm(8))", "tcn_block(8)"),
    "position_embedding",
]
ENDS = ["mean_over", "max_over", "last", "first", "attention(1) -> global_avg_pool"]


@pytest.mark.parametrize("seed", range(8))
def test_rows_of_layers_do_so_too(seed: int) -> None:
    chance = Random(seed)
    steps = chance.choices(STEPS, k=4)
    test_a_row_gives_what_it_gives_alone(" -> ".join([*steps, chance.choice(ENDS)]))


REFUSED = [
    *("flatten", "to_image(3, 4)", "transpose(length, features)", "roll(1, axis=length)"),
    *("slice(0, 3, axis=length)", "upsample(2)", "resize(24)", "crop(6)", "adaptive_avg_pool(3)"),
    *("instance_norm", "group_norm(2)", "layer_norm(over=all)", "conv_transpose(4, 3, stride=2)"),
    *("concat(x, x, axis=length)", "pad(1, mode=reflect)", "pad(-1)", "max_pool(3, ceil=true)"),
    *("avg_pool(3, stride=1, count_include_pad=false)", "conv(4, 3, stride=2, padding=same)"),
    *("add(conv(8, 3, stride=2), max_pool(2))",),
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_would_read_padding_is_refused(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        model(text, f"{SERIES}, padded=true)")
    (found,) = caught.value.diagnostics
    assert found.code == "E302"
    assert found.needed


def _out(text: str, data: str = f"{SERIES}, padded=true)") -> object:
    return model(text, data).model.out


def test_the_lengths_of_rows_follow_from_those_of_the_data() -> None:
    given = Padded("lengths")
    assert _out("embedding(8)", "tokens(12, vocab=9, padded=true)") == Sequence(12, 8, given)
    assert _out("identity", "tokens(12, vocab=9, padded=true)") == Tokens(12, 9, given)
    assert _out("class_token") == Sequence(13, 8, Padded("lengths", 1))
    assert _out("conv(4, 3, stride=2)") == Sequence(6, 4, Padded("lengths", 1, 2))
    deep = _out("conv(4, 3, stride=2) -> max_pool(3, stride=2) -> class_token")
    assert deep == Sequence(4, 4, Padded("lengths", 7, 4))
    assert str(Padded("lengths", 7, 4)) == "(lengths + 7) // 4"
    assert str(Padded("lengths").then(-2)) == "lengths - 2"
    assert str(Padded("lengths", per=2)) == "lengths // 2"


def test_attention_leaves_out_what_pytorch_does() -> None:
    module = build(model("attention(2)", f"{SERIES}, padded=true)")).eval()
    own, peer = module.attention, nn.MultiheadAttention(8, 2, batch_first=True).eval()
    names = {"in_proj_weight": own.qkv.weight, "in_proj_bias": own.qkv.bias}
    last = {"out_proj.weight": own.proj.weight, "out_proj.bias": own.proj.bias}
    peer.load_state_dict({**names, **last})
    x, lengths = torch.randn(4, 12, 8), torch.tensor(ROWS)
    behind = torch.arange(12) >= lengths[:, None]
    expected, _ = peer(x, x, x, key_padding_mask=behind)
    torch.testing.assert_close(module(x, lengths)[~behind], expected[~behind])


def test_recurrence_both_ways_is_packed() -> None:
    module = build(model("lstm(3, layers=2, bidirectional=true)", f"{SERIES}, padded=true)"))
    x, lengths = torch.randn(4, 12, 8), torch.tensor(ROWS)
    pack = nn.utils.rnn.pack_padded_sequence
    given = pack(x, lengths, batch_first=True, enforce_sorted=False)
    states, _ = nn.utils.rnn.pad_packed_sequence(module.lstm(given)[0], batch_first=True)
    torch.testing.assert_close(module(x, lengths), states)


def test_statistics_of_a_batch_are_those_of_what_is_within_the_rows() -> None:
    module = build(model("batch_norm", f"{SERIES}, padded=true)")).train()
    x, lengths = torch.randn(4, 12, 8), torch.tensor(ROWS)
    inside = torch.arange(12) < lengths[:, None]
    peer = nn.BatchNorm1d(8).train()
    torch.testing.assert_close(module(x, lengths)[inside], peer(x[inside]))
    torch.testing.assert_close(module.norm.running_var, peer.running_var)


def test_rows_of_two_inputs_are_not_joined() -> None:
    text = """arch Two {
      data a = series(12, 8, padded=true)
      data b = series(12, 8, padded=true)
      model = add(a, b)
    }"""
    with pytest.raises(SpecError) as caught:
        graph_of(text)
    (found,) = caught.value.diagnostics
    assert found.message == "add joins rows of different lengths: `a_lengths` and `b_lengths`"
    both = graph_of(text.replace("add(a, b)", "a -> attention(2, memory=b)"))
    assert both.model.out == Sequence(12, 8, Padded("a_lengths"))
    a, b = torch.randn(1, 12, 8), torch.randn(1, 12, 8)
    module = build(both).eval()
    long, short = (module(a, b, torch.tensor([5]), torch.tensor([n])) for n in (12, 3))
    b[:, 3:] = 7
    again = module(a, b, torch.tensor([5]), torch.tensor([3]))
    assert not torch.allclose(long, short)
    torch.testing.assert_close(again, short)


PAIR = """
  data left = tokens(12, vocab=9, padded=true)
  data right = tokens(8, vocab=9, padded=true)
"""


@pytest.mark.parametrize("kind", ["block", "module"])
def test_one_class_reads_the_rows_of_several_inputs(kind: str) -> None:
    body = "embedding(8) -> gru(4, bidirectional=true) -> class_token -> attention(2) -> mean_over"
    head = f"block tower() = {body}" if kind == "block" else ""
    own = f"module tower = {body}" if kind == "module" else ""
    call = "tower()" if kind == "block" else "tower"
    lets = f"let a = left -> {call} let b = right -> {call} return concat(a, b)"
    module = build(graph_of(f"{head} arch Pair {{ {PAIR} model {{ {own} {lets} }} }}")).eval()
    towers = [part for part in module.modules() if type(part).__name__ == "Tower"]
    assert len(towers) == (2 if kind == "block" else 1)
    left, right = torch.randint(9, (2, 12)), torch.randint(9, (2, 8))
    found = module(left, right, torch.tensor([5, 9]), torch.tensor([8, 2]))
    one = towers[0](left[:1, :5], torch.tensor([5]))
    other = towers[-1](right[1:, :2], torch.tensor([2]))
    torch.testing.assert_close(found[0, :8], one[0])
    torch.testing.assert_close(found[1, 8:], other[0])


def test_values_are_of_the_rows_that_keys_are_of() -> None:
    given = "parameter(size(12, 8))"
    for text in (f"linear(8), linear(8), {given}", f"linear(8), {given}, linear(8)"):
        with pytest.raises(SpecError) as caught:
            model(f"dot_product_attention({text}, heads=2)", f"{SERIES}, padded=true)")
        (found,) = caught.value.diagnostics
        assert found.code == "E302"
        assert "rows of one length" in found.message


def test_an_input_is_not_called_as_lengths_are() -> None:
    text = "arch A { data a = series(4, 2, padded=true) data a_lengths = table(4) model = a }"
    with pytest.raises(SpecError) as caught:
        graph_of(text)
    (found,) = caught.value.diagnostics
    assert (found.code, found.span.text) == ("E207", "a_lengths")
