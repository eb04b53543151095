"""``dot_product_attention`` weighs given values as the papers have it."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

import pytest
import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from archdsl.ops.sequence.dot_product_attention import DotProductAttention
from archdsl.types import Image, Sequence, TensorType, Tokens
from tests.ops.against_torch import Built, foretold_bytes, module, refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

HOW = [
    *({}, {"scale": 0.3}, {"cosine": True}, {"softcap": 5.0}, {"sinks": True}),
    *({"softcap": 5.0, "sinks": True}, {"cosine": True, "sinks": True}),
]
WHERE = [
    *({}, {"causal": True}, {"reach": 3}, {"causal": True, "reach": 3}),
    *({"reach": 2, "global_tokens": 2}, {"causal": True, "reach": 2, "global_tokens": 3}),
]


def types(op: DotProductAttention, span: int, value_width: int, biased: bool) -> list[TensorType]:
    """Queries, keys and values for heads of 6 features, and a bias."""
    kv_heads = op.kv_heads or op.heads
    found: list[TensorType] = [Sequence(12, 6 * op.heads), Sequence(span, 6 * kv_heads)]
    found.append(Sequence(span, value_width * kv_heads))
    return [*found, Image(op.heads, 12, span)] if biased else found


def cases(**more: float) -> Iterator[tuple[DotProductAttention, list[TensorType]]]:
    for how, where, kv_heads, biased in product(HOW, WHERE, (None, 2, 1), (False, True)):
        op = DotProductAttention(4, kv_heads, **{**how, **where, **more})  # type: ignore[arg-type]
        for value_width in (6, 5):
            yield op, types(op, 12 if where else 7, value_width, biased)
        if kv_heads is None:
            one = DotProductAttention(1, **{**how, **where, **more})  # type: ignore[arg-type]
            yield one, types(one, 12 if where else 7, 6, biased)


def plainly(
    op: DotProductAttention, module: nn.Module, q: Tensor, k: Tensor, v: Tensor, *bias: Tensor
) -> Tensor:
    """The same step by step."""
    kv_heads = op.kv_heads or op.heads
    weights = dict(module.named_parameters())
    results = []
    for head in range(op.heads):
        of = head // (op.heads // kv_heads)
        query = q.chunk(op.heads, -1)[head]
        key, value = k.chunk(kv_heads, -1)[of], v.chunk(kv_heads, -1)[of]
        if op.cosine:
            scores = F.cosine_similarity(query[:, :, None], key[:, None], dim=-1)
            scores = scores * weights["log_scale"][head].exp().clamp(max=100)
        else:
            scale = op.scale if op.scale is not None else 1 / math.sqrt(query.shape[-1])
            scores = torch.einsum("nlc,nsc->nls", query, key) * scale
        if op.softcap is not None:
            scores = torch.tanh(scores / op.softcap) * op.softcap
        for one in bias:
            scores = scores + one[:, head]
        for at, other in product(range(q.shape[1]), range(k.shape[1])):
            near = op.reach is None or abs(at - other) <= op.reach
            shared = other < op.global_tokens or (at < op.global_tokens and not op.causal)
            if not (near or shared) or (op.causal and other > at):
                scores[:, at, other] = -torch.inf
        if op.sinks:
            sink = weights["sink"][head].expand(*scores.shape[:-1], 1)
            shares = torch.cat((scores, sink), -1).softmax(-1)[..., :-1]
        else:
            shares = scores.softmax(-1)
        results.append(shares @ value)
    return torch.cat(results, -1)


@pytest.mark.slow
def test_it_does_what_papers_say_and_costs_what_is_foretold() -> None:
    for op, given in cases():
        built = Built(op, *given)
        for weight in built.module.parameters():
            torch.nn.init.normal_(weight)
        tensors = built.tensors(2)
        torch.testing.assert_close(built.run(*tensors), plainly(op, built.module, *tensors))
        assert built.parameters == op.params(*given)
        assert tuple(built.run(*tensors).shape[1:]) == op.infer(*given)[:2]
        with sdpa_kernel(SDPBackend.MATH):  # the counter knows the products of this path alone
            assert built.macs(2) == 2 * op.macs(*given)


@pytest.mark.parametrize("dropout", [0.0, 0.1])
def test_autograd_keeps_what_is_foretold(dropout: float) -> None:
    wrong = []
    for op, given in cases(dropout=dropout):
        built = Built(op, *given)
        built.train(True)
        for batch in (2, 3):
            told, done = foretold_bytes(op, *given, batch=batch), built.saved_bytes(batch)
            if told != done:
                wrong.append((op, given, batch, told, done))
    assert wrong == []


def test_it_is_spelled_by_its_form() -> None:
    given = types(DotProductAttention(4), 12, 6, biased=False)
    assert module(DotProductAttention(4), *given) == "DotProductAttention(heads=4)"
    local = DotProductAttention(4, causal=True, reach=3)
    assert module(local, *given) == "LocalCausalDotProductAttention(heads=4, reach=3)"
    biased = types(DotProductAttention(4, 2), 12, 6, biased=True)
    grouped = DotProductAttention(4, 2, scale=1.0, dropout=0.1)
    assert module(grouped, *biased) == (
        "ScaledBiasedGroupedDotProductAttentionWithDropout(heads=4, kv_heads=2, scale=1.0,"
        " dropout=0.1)"
    )


Q, K, V = Sequence(12, 24), Sequence(7, 24), Sequence(7, 16)


def test_heads_divide_what_they_share() -> None:
    words = "heads=5 does not divide the 24 of the queries; 4 or 6 do"
    refuses(DotProductAttention(5), Q, K, V, words=words, argument="heads", replacement="4")
    words = "kv_heads=3 does not divide heads=8; 2 or 4 do"
    refuses(DotProductAttention(8, 3), Q, K, V, words=words, argument="kv_heads")
    words = "4 heads do not divide the 18 features of the values"
    refuses(DotProductAttention(4), Q, K, Sequence(7, 18), words=words)


def test_keys_are_as_wide_as_queries_and_as_many_as_values() -> None:
    words = "keys have 24 features, and 2 heads as wide as those of the queries have 12"
    refuses(DotProductAttention(4, 2), Q, K, V, words=words, needed="12 features of the keys")
    words = "there are 7 keys and 8 values"
    refuses(DotProductAttention(4), Q, K, Sequence(8, 16), words=words)


def test_only_positions_of_one_sequence_are_compared() -> None:
    words = "causal compares positions, and 12 queries stand at others than 7 keys"
    refuses(DotProductAttention(4, causal=True), Q, K, V, words=words, replacement="false")
    words = "reach compares positions"
    refuses(DotProductAttention(4, reach=3), Q, K, V, words=words, argument="reach")


def test_options_that_say_nothing_are_refused() -> None:
    words = "cosine=true learns its scale"
    refuses(DotProductAttention(4, cosine=True, scale=1.0), Q, K, V, words=words, argument="scale")
    words = "every position is read by all, so that global_tokens=2 adds none"
    refuses(DotProductAttention(4, global_tokens=2), Q, K, V, words=words, replacement="0")


def test_a_bias_has_a_number_for_each_head_query_and_key() -> None:
    words = "position_bias is 4×12×12, and there are 4 heads, 12 queries and 7 keys"
    refuses(DotProductAttention(4), Q, K, V, Image(4, 12, 12), words=words, needed="4×12×7")
    words = "position_bias= of dot_product_attention cannot take a sequence (12×24)"
    refuses(DotProductAttention(4), Q, K, V, Q, words=words)


def test_only_sequences_are_taken() -> None:
    words = "dot_product_attention cannot take an image (24×4×4)"
    error = refuses(DotProductAttention(4), Image(24, 4, 4), K, V, words=words)
    assert error.help == "to_sequence makes an image a sequence of its positions"
    refuses(DotProductAttention(4), Q, Tokens(7, 30), V, words="cannot take token ids (7)")
