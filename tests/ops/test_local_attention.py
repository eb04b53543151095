"""``local_attention`` reads what stands near, at a cost that grows with the length."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from archdsl.ops.sequence.local_attention import LocalAttention
from archdsl.types import Image, Sequence
from tests.ops.against_torch import agrees, module, refuses

LENGTHS = [1, 3, 12, 13, 14]
FORMS = [
    LocalAttention(2, 3),
    LocalAttention(2, 3, bias=False),
    LocalAttention(2, 5, causal=True),
    LocalAttention(2, 20),
    LocalAttention(2, 1, causal=True),
    LocalAttention(2, 3, dropout=0.1),
    LocalAttention(2, 3, causal=True, dropout=0.1),
]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("op", FORMS)
def test_it_is_attention_with_far_positions_masked(op: LocalAttention, length: int) -> None:
    def reference(m: nn.Module, x: Tensor) -> Tensor:
        qkv = m.get_submodule("qkv")(x).view(-1, length, 3, 2, 4).permute(2, 0, 3, 1, 4)
        distance = torch.arange(length)[:, None] - torch.arange(length)
        mask = distance.abs() <= op.reach
        attended = F.scaled_dot_product_attention(
            *qkv.unbind(), attn_mask=mask & (distance >= 0) if op.causal else mask
        )
        result: Tensor = m.get_submodule("proj")(attended.transpose(1, 2).flatten(2))
        return result

    agrees(op, Sequence(length, 8), counted=False, saved=False, reference=reference)


@pytest.mark.parametrize("length", [12, 13])
@pytest.mark.parametrize("op", FORMS)
def test_it_does_what_it_foretold(op: LocalAttention, length: int) -> None:
    built = agrees(op, Sequence(length, 8), counted=False, batches=(2, 3))
    with sdpa_kernel(SDPBackend.MATH):  # the counter knows the products of this path alone
        assert built.macs(2) == 2 * op.macs(Sequence(length, 8))


def test_twice_the_length_costs_twice_as_much() -> None:
    op = LocalAttention(12, 256)
    assert op.macs(Sequence(2048, 768)) == 2 * op.macs(Sequence(1024, 768))


def test_a_position_reads_its_reach() -> None:
    assert LocalAttention(2, 3).window(Sequence(12, 8)) == (7, 1)
    assert LocalAttention(2, 3, causal=True).window(Sequence(12, 8)) == (4, 1)


def test_it_is_spelled_by_its_form() -> None:
    x = Sequence(1024, 768)
    assert module(LocalAttention(12, 256), x) == "LocalAttention(768, heads=12, reach=256)"
    causal = module(LocalAttention(12, 256, causal=True, dropout=0.1), x)
    assert causal == "CausalLocalAttentionWithDropout(768, heads=12, reach=256, dropout=0.1)"


def test_heads_must_divide_the_features() -> None:
    words = "heads=6 does not divide 512; 4 or 8 do"
    refuses(LocalAttention(6, 8), Sequence(128, 512), words=words, argument="heads")


def test_only_sequences_are_taken() -> None:
    words = "local_attention cannot take an image (8×4×4)"
    error = refuses(LocalAttention(2, 3), Image(8, 4, 4), words=words)
    assert error.help == "window_attention reads the windows of an image"
