"""``local_attention`` reads what stands near, at a cost that grows with the length."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from archdsl.ops.sequence.local_attention import LocalAttention
from archdsl.types import Image, Sequence
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.peers import import_torchvision

LENGTHS = [1, 3, 12, 13, 14]
FORMS = [
    LocalAttention(2, 3),
    LocalAttention(2, 3, bias=False),
    LocalAttention(2, 5, causal=True),
    LocalAttention(2, 20),
    LocalAttention(2, 1, causal=True),
    LocalAttention(2, 3, dropout=0.1),
    LocalAttention(2, 3, causal=True, dropout=0.1),
    LocalAttention(2, 3, global_tokens=0),
    LocalAttention(2, 3, global_tokens=0, dropout=0.1),
]
GLOBAL = [
    LocalAttention(2, 3, global_tokens=1),
    LocalAttention(4, 3, global_tokens=2, bias=False),
    LocalAttention(2, 5, global_tokens=4),
    LocalAttention(2, 20, global_tokens=3),
    LocalAttention(2, 3, global_tokens=2, dropout=0.1),
    LocalAttention(2, 2, global_tokens=12, dropout=0.1),
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
@pytest.mark.parametrize("op", [*FORMS, *GLOBAL])
def test_it_does_what_it_foretold(op: LocalAttention, length: int) -> None:
    built = agrees(op, Sequence(length, 8), counted=False, batches=(2, 3))
    with sdpa_kernel(SDPBackend.MATH):  # the counter knows the products of this path alone
        assert built.macs(2) == 2 * op.macs(Sequence(length, 8))


@pytest.mark.parametrize("length", LENGTHS[2:])
@pytest.mark.parametrize("op", GLOBAL)
def test_global_tokens_read_all_by_weights_of_their_own(op: LocalAttention, length: int) -> None:
    first, heads = op.global_tokens or 0, op.heads

    def reference(m: nn.Module, x: Tensor) -> Tensor:
        def projected(name: str, parts: int) -> list[Tensor]:
            rows = m.get_submodule(name)(x).view(-1, length, parts, heads, 8 // heads)
            return list(rows.permute(2, 0, 3, 1, 4).unbind())

        at = torch.arange(length)
        mask = (at[:, None] - at).abs() <= op.reach
        mask[:, :first] = True
        near = F.scaled_dot_product_attention(*projected("qkv", 3), attn_mask=mask)
        (q,), (k, v) = projected("global_q", 1), projected("global_kv", 2)
        read = F.scaled_dot_product_attention(q[:, :, :first], k, v)
        both = torch.cat((read, near[:, :, first:]), dim=2)
        result: Tensor = m.get_submodule("proj")(both.transpose(1, 2).flatten(2))
        return result

    agrees(op, Sequence(length, 8), counted=False, saved=False, reference=reference)


@pytest.mark.parametrize("tokens", [0, 1, 3])
def test_it_is_that_of_longformer(tokens: int) -> None:
    import_torchvision()
    from transformers import LongformerConfig
    from transformers.models.longformer.modeling_longformer import LongformerSelfAttention

    sizes = {"hidden_size": 8, "num_attention_heads": 2, "attention_window": [6]}
    torch.manual_seed(0)
    theirs = LongformerSelfAttention(LongformerConfig(**sizes), 0).eval()
    weights = theirs.state_dict()

    def joined(*names: str) -> dict[str, Tensor]:
        ends = ("weight", "bias")
        return {end: torch.cat([weights[f"{name}.{end}"] for name in names]) for end in ends}

    ours = Built(LocalAttention(2, 3, global_tokens=tokens), Sequence(12, 8)).module.eval()
    ours.qkv.load_state_dict(joined("query", "key", "value"))
    ours.global_q.load_state_dict(joined("query_global"))
    ours.global_kv.load_state_dict(joined("key_global", "value_global"))
    ours.proj.weight.data, ours.proj.bias.data = torch.eye(8), torch.zeros(8)
    x, mask = torch.randn(2, 12, 8), torch.zeros(2, 12)
    mask[:, :tokens] = 1
    with torch.no_grad():
        asked = {"is_index_masked": mask < 0, "is_index_global_attn": mask > 0}
        expected = theirs(x, mask, **asked, is_global_attn=tokens > 0)[0]
        torch.testing.assert_close(ours(x), expected, rtol=1e-5, atol=1e-6)


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


def test_with_global_tokens_it_is_spelled_by_how_many() -> None:
    x = Sequence(1024, 768)
    form = module(LocalAttention(12, 256, global_tokens=1), x)
    assert form == "GlobalAndLocalAttention(768, heads=12, reach=256, global_tokens=1)"
    form = module(LocalAttention(12, 256, global_tokens=0), x)
    assert form == "LocalAttentionAwaitingGlobal(768, heads=12, reach=256)"


def test_global_tokens_are_not_causal() -> None:
    words = "global tokens read all positions, also those after them"
    op = LocalAttention(2, 3, causal=True, global_tokens=1)
    refuses(op, Sequence(12, 8), words=words, argument="global_tokens")


def test_global_tokens_are_at_most_the_positions() -> None:
    words = "global_tokens=13 are more than a sequence of length 12 has"
    refuses(LocalAttention(2, 3, global_tokens=13), Sequence(12, 8), words=words, replacement="12")


def test_heads_must_divide_the_features() -> None:
    words = "heads=6 does not divide 512; 4 or 8 do"
    refuses(LocalAttention(6, 8), Sequence(128, 512), words=words, argument="heads")


def test_only_sequences_are_taken() -> None:
    words = "local_attention cannot take an image (8×4×4)"
    error = refuses(LocalAttention(2, 3), Image(8, 4, 4), words=words)
    assert error.help == "window_attention reads the windows of an image"
