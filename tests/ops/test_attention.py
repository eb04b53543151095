"""``attention`` is multi-head attention, as PyTorch and its papers have it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from archdsl.ops.sequence.attention import Attention
from archdsl.ops.sequence.dot_product_attention import DotProductAttention
from archdsl.types import Image, Sequence, Tokens
from tests.ops.against_torch import Built, agrees, foretold_bytes, module, refuses
from tests.peers import import_torchvision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.types import TensorType

X, MEMORY = Sequence(12, 16), Sequence(7, 10)
CASES = [
    (Attention(4), X),
    (Attention(1, bias=False), X),
    (Attention(4, causal=True, out_bias=False), X),
    (Attention(4, head_width=8), X),
    (Attention(4, kv_heads=2), X),
    (Attention(4, kv_heads=1, head_width=6, causal=True), X),
    (Attention(4, rotary=True), X),
    (Attention(4, kv_heads=2, rotary=True, causal=True, bias=False), X),
    (Attention(4), X, MEMORY),
    (Attention(4, kv_heads=2, head_width=3), X, MEMORY),
]
DROPPING = [
    (Attention(4, dropout=0.1), X),
    (Attention(4, dropout=0.1, rotary=True, causal=True), X),
    (Attention(4, dropout=0.1, kv_heads=2), X),
    (Attention(4, dropout=0.1, head_width=5, bias=False), X, MEMORY),
]


@pytest.mark.parametrize("case", CASES)
def test_attention_does_what_it_foretold(case: tuple[Attention, Sequence]) -> None:
    built = agrees(*case, counted=False)
    with sdpa_kernel(SDPBackend.MATH):  # the counter knows the products of this path alone
        assert built.macs(2) == 2 * built.op.macs(*built.types)


@pytest.mark.parametrize("case", DROPPING)
def test_with_dropout_the_scores_are_kept(case: tuple[Attention, Sequence]) -> None:
    agrees(*case, batches=(2, 3))  # one sample alone needs no copies of its values


def _packed(heads: int, attention: nn.Module) -> nn.MultiheadAttention:
    """PyTorch's attention with the same weights."""
    peer = nn.MultiheadAttention(16, heads, batch_first=True)
    names = {"in_proj_": "qkv.", "out_proj.": "proj."}
    weights = attention.state_dict()
    for mine, ours in names.items():
        for part in ("weight", "bias"):
            peer.state_dict()[f"{mine}{part}"].copy_(weights[f"{ours}{part}"])
    return peer


def test_it_computes_what_multihead_attention_computes() -> None:
    def reference(attention: nn.Module, x: Tensor) -> Tensor:
        result: Tensor = _packed(4, attention)(x, x, x)[0]
        return result

    agrees(Attention(4), X, counted=False, reference=reference)


def test_causal_positions_read_earlier_ones_alone() -> None:
    def reference(attention: nn.Module, x: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(12)
        result: Tensor = _packed(4, attention)(x, x, x, attn_mask=mask)[0]
        return result

    agrees(Attention(4, causal=True), X, counted=False, reference=reference)


def test_a_memory_gives_keys_and_values() -> None:
    def reference(m: nn.Module, x: Tensor, memory: Tensor) -> Tensor:
        q, kv = m.get_submodule("q"), m.get_submodule("kv")
        peer = nn.MultiheadAttention(16, 4, kdim=10, vdim=10, batch_first=True)
        peer.q_proj_weight, peer.out_proj = q.weight, m.get_submodule("proj")
        peer.k_proj_weight, peer.v_proj_weight = map(nn.Parameter, kv.weight.chunk(2))
        peer.in_proj_bias = nn.Parameter(torch.cat((q.bias, kv.bias)))
        result: Tensor = peer(x, memory, memory)[0]
        return result

    agrees(Attention(4), X, MEMORY, counted=False, reference=reference)


def test_fewer_key_heads_are_shared_by_neighbouring_query_heads() -> None:
    def reference(m: nn.Module, x: Tensor) -> Tensor:
        q = m.get_submodule("q")(x).view(-1, 12, 4, 4).transpose(1, 2)
        k, v = m.get_submodule("kv")(x).view(-1, 12, 2, 2, 4).transpose(1, 3).unbind(2)
        k, v = k.repeat_interleave(2, dim=1), v.repeat_interleave(2, dim=1)
        scores = torch.softmax(q @ k.mT / 2, dim=-1)
        return m.get_submodule("proj")((scores @ v).transpose(1, 2).flatten(2))

    agrees(Attention(4, kv_heads=2), X, counted=False, reference=reference)


def test_rotary_scores_depend_on_distance_alone() -> None:
    built = Built(Attention(2, rotary=True), Sequence(6, 8))
    turn = built.scope["rotate"]
    same = torch.randn(4).expand(6, 4)
    scores = turn(same) @ turn(same.flip(-1)).mT
    for distance in range(-5, 6):
        diagonal = scores.diagonal(distance)
        torch.testing.assert_close(diagonal, diagonal[:1].expand_as(diagonal))


def test_rotary_positions_are_those_of_llama() -> None:
    import_torchvision()  # which transformers asks for
    llama = pytest.importorskip("transformers.models.llama.modeling_llama")
    x = torch.randn(1, 2, 6, 8)
    angles = torch.outer(torch.arange(6.0), 10000 ** (-torch.arange(0, 8, 2) / 8)).repeat(1, 2)
    expected, _ = llama.apply_rotary_pos_emb(x, x, angles.cos()[None], angles.sin()[None])
    turned = Built(Attention(2, rotary=True), Sequence(6, 16)).scope["rotate"](x)
    torch.testing.assert_close(turned, expected)


def test_it_is_spelled_by_its_form() -> None:
    x = Sequence(128, 512)
    assert module(Attention(8), x) == "SelfAttention(512, heads=8)"
    assert module(Attention(8, causal=True), x) == "CausalSelfAttention(512, heads=8)"
    grouped = module(Attention(8, kv_heads=4, rotary=True, bias=False), x)
    assert grouped == "RotaryGroupedQueryAttention(512, heads=8, kv_heads=4, bias=False)"
    dropping = module(Attention(8, dropout=0.1), x)
    assert dropping == "SelfAttentionWithDropout(512, heads=8, dropout=0.1)"
    assert module(Attention(8), x, Sequence(9, 256)) == "CrossAttention(512, 256, heads=8)"


def test_as_many_key_heads_as_heads_is_plain_attention() -> None:
    assert module(Attention(4, kv_heads=4), X) == "SelfAttention(16, heads=4)"


def test_heads_must_divide_the_features() -> None:
    words = "heads=6 does not divide 512; 4 or 8 do"
    error = refuses(Attention(6), Sequence(128, 512), words=words, argument="heads")
    assert error.replacement == "4"
    refuses(Attention(5), Sequence(9, 16), words="4 or 8 do", replacement="4")
    refuses(Attention(7), Sequence(9, 16), words="4 or 8 do", replacement="8")


def test_key_heads_must_divide_the_heads() -> None:
    words = "kv_heads=3 does not divide heads=8; 2 or 4 do"
    refuses(Attention(8, kv_heads=3), X, words=words, argument="kv_heads")


def test_rotary_heads_have_an_even_width() -> None:
    words = "rotary positions turn features in pairs, and a head has 3"
    refuses(Attention(4, rotary=True), Sequence(9, 12), words=words, argument="rotary")


@pytest.mark.parametrize("argument", ["causal", "rotary"])
def test_a_memory_has_positions_of_its_own(argument: str) -> None:
    words = f"{argument}=true compares positions"
    op = Attention(4, **{argument: True})
    refuses(op, X, MEMORY, words=words, argument=argument, replacement="false")


def test_only_sequences_are_taken() -> None:
    error = refuses(Attention(4), Image(16, 4, 4), words="attention cannot take an image (16×4×4)")
    assert error.help == "to_sequence makes an image a sequence of its positions"
    refuses(Attention(4), X, Tokens(9, 30), words="attention cannot take token ids (9)")


def test_probabilities_drop_in_training_alone() -> None:
    built = Built(Attention(4, dropout=0.5), X)
    x = torch.randn(2, 12, 16)
    built.train(False)
    assert torch.equal(built.run(x), built.run(x))
    built.train(True)
    assert not torch.equal(built.run(x), built.run(x))
    assert F.mse_loss(built.run(x), built.run(x)) > 0


HOW = [
    *({"scale": 0.3}, {"cosine": True}, {"softcap": 5.0}, {"sinks": True}, {"reach": 3}),
    *({"qk_norm": "rms_norm"}, {"qk_norm": "layer_norm", "eps": 1e-6}, {"value_width": 5}),
    *({"value_width": 4, "features": 10}, {"key_bias": False}, {"head_width": 8}),
    {"softcap": 3.0, "sinks": True, "qk_norm": "rms_norm", "value_width": 5},
]
TURNED = [
    *({}, {"rotary": True}, {"rotary": True, "theta": 100.0}),
    {"rotary": True, "theta": 100.0, "rotary_width": 2},
]


def options() -> Iterator[tuple[Attention, list[TensorType]]]:
    """Every option, with others, and every way to call it."""
    for how, shared, dropout, turned in product(HOW, (None, 2), (0.0, 0.1), TURNED):
        op = Attention(4, shared, **{**how, **turned, "dropout": dropout})  # type: ignore[arg-type]
        yield op, [X]
        yield op, [X, Image(4, 12, 12)]
        if not turned and "reach" not in how:
            yield op, [X, MEMORY]
            yield op, [X, MEMORY, Image(4, 12, 7)]
        if shared is None:
            yield replace(op, heads=1), [X]


@pytest.mark.slow
def test_options_do_what_they_foretold() -> None:
    for op, given in options():
        built = Built(op, *given)
        assert built.parameters == op.params(*given)
        assert tuple(built.run(*built.tensors(2)).shape[1:]) == op.infer(*given)[:2]
        with sdpa_kernel(SDPBackend.MATH):
            assert built.macs(2) == 2 * op.macs(*given)


def test_with_options_autograd_keeps_what_is_foretold() -> None:
    wrong = []
    for op, given in options():
        built = Built(op, *given)
        built.train(True)
        for batch in (1, 3):
            told, done = foretold_bytes(op, *given, batch=batch), built.saved_bytes(batch)
            wrong += [(op, given, batch, told, done)] if told != done else []
    assert wrong == []


@pytest.mark.parametrize(
    "how",
    [
        {"softcap": 5.0, "causal": True},
        {"cosine": True, "reach": 2, "global_tokens": 1},
        {"sinks": True, "scale": 0.2, "kv_heads": 2},
    ],
)
def test_heads_are_compared_as_in_dot_product_attention(how: dict[str, Any]) -> None:
    op = Attention(4, value_width=3, bias=False, key_bias=True, **how)
    core = DotProductAttention(4, **how)
    bias = Image(4, 12, 12)
    built = Built(op, X, bias)

    def reference(m: nn.Module, x: Tensor, bias: Tensor) -> Tensor:
        q, k, v = (m.get_submodule(name)(x) for name in "qkv")
        middle = Built(core, *(Sequence(12, one.shape[-1]) for one in (q, k, v)), bias_type)
        mine = dict(m.named_parameters())
        for name, weight in middle.module.named_parameters():
            weight.data.copy_(mine[name].data)
        result: Tensor = m.get_submodule("proj")(middle.run(q, k, v, bias))
        return result

    bias_type = bias
    tensors = built.tensors(2)
    torch.testing.assert_close(built.run(*tensors), reference(built.module, *tensors))


def test_queries_and_keys_are_normed_head_by_head() -> None:
    def reference(m: nn.Module, x: Tensor) -> Tensor:
        q, k, v = m.get_submodule("qkv")(x).view(-1, 12, 3, 4, 4).permute(2, 0, 3, 1, 4)
        q, k = F.layer_norm(q, (4,), eps=1e-6), F.layer_norm(k, (4,), eps=1e-6)
        scores = torch.softmax(q @ k.mT / 2, dim=-1)
        return m.get_submodule("proj")((scores @ v).transpose(1, 2).flatten(2))

    agrees(Attention(4, qk_norm="layer_norm", eps=1e-6), X, counted=False, reference=reference)


def test_options_are_spelled_where_they_are_asked_for() -> None:
    x = Sequence(128, 512)
    mistral = Attention(8, kv_heads=2, causal=True, rotary=True, reach=63, theta=1e6, bias=False)
    assert module(mistral, x) == (
        "RotaryLocalCausalGroupedQueryAttention(512, heads=8, kv_heads=2, theta=1000000.0,"
        " reach=63, bias=False)"
    )
    whisper = Attention(8, key_bias=False)
    assert module(whisper, x) == (
        "UnpackedSelfAttention(512, heads=8, head_width=64, value_width=64, out_features=512,"
        " key_bias=False)"
    )
    gemma = Attention(8, head_width=32, qk_norm="rms_norm", eps=1e-6)
    assert module(gemma, x) == "SizedRmsNormSelfAttention(512, heads=8, head_width=32, eps=1e-06)"
    assert module(Attention(8), x, Image(8, 128, 128)) == "BiasedSelfAttention(512, heads=8)"


def test_options_of_what_is_not_asked_for_are_refused() -> None:
    words = "theta= says something of rotary, which there is none of"
    refuses(Attention(4, theta=100.0), X, words=words, argument="theta")
    refuses(Attention(4, rotary_width=2), X, words="rotary_width= says something of rotary")
    refuses(Attention(4, eps=1e-6), X, words="eps= says something of qk_norm", argument="eps")
    words = "rotary_width=6 is not an even part of the 4 features of a head"
    odd = Attention(4, rotary=True, rotary_width=6)
    refuses(odd, X, words=words, argument="rotary_width", replacement="4")


def test_a_bias_fits_the_heads_and_positions() -> None:
    words = "position_bias is 2×12×12, and there are 4 heads, 12 queries and 12 keys"
    refuses(Attention(4), X, Image(2, 12, 12), words=words, needed="4×12×12")
    refuses(Attention(4), X, MEMORY, MEMORY, words="position_bias= of attention cannot take")
