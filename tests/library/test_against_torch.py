"""Transformer and recurrent blocks compute what PyTorch's own layers do with the same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

from tests.library.pages import compiled
from tests.zoo import transfer
from tests.zoo_sequence.weights import randomised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

DATA = "series(9, 32)"


def _moved(
    theirs: nn.Module, names: Mapping[str, str], packed: tuple[str, ...]
) -> dict[str, Tensor]:
    """A peer's state under our names: ``names`` are modules, ours by theirs, ``packed`` those of
    theirs that are nn.MultiheadAttention."""
    state = dict(theirs.state_dict())
    moved: dict[str, Tensor] = {}
    for theirs_name, ours in names.items():
        for part in ("weight", "bias"):
            if theirs_name in packed:
                moved[f"{ours}.qkv.{part}"] = state[f"{theirs_name}.in_proj_{part}"]
                moved[f"{ours}.proj.{part}"] = state[f"{theirs_name}.out_proj.{part}"]
            else:
                moved[f"{ours}.{part}"] = state[f"{theirs_name}.{part}"]
    return moved


def _apart(state: dict[str, Tensor], attention: str, features: int) -> dict[str, Tensor]:
    """Queries by themselves: how attention to a memory holds what PyTorch packs with the rest."""
    state = dict(state)
    for part in ("weight", "bias"):
        packed = state.pop(f"{attention}.qkv.{part}")
        state[f"{attention}.q.{part}"] = packed[:features]
        state[f"{attention}.kv.{part}"] = packed[features:]
    return state


@pytest.mark.parametrize("norm_first", [True, False])
def test_transformer_encoder_is_torchs_encoder_layer(norm_first: bool) -> None:
    theirs = randomised(
        nn.TransformerEncoderLayer(32, 4, 64, batch_first=True, norm_first=norm_first).eval()
    )
    flag = "true" if norm_first else "false"
    call = f"transformer_encoder(4, hidden=64, act=relu, norm_first={flag})"
    block = compiled(f"{{ let layer = {call} return layer }}", DATA)
    assert block.params == sum(p.numel() for p in theirs.parameters())
    norms = ("norm1", "norm2") if norm_first else ("norm2", "norm")
    names = {"self_attn": "self_attn", "linear1": "mlp.fc1", "linear2": "mlp.fc2"}
    names |= dict(zip(("norm1", "norm2"), norms, strict=True))
    ours = block.module().eval()
    ours.get_submodule("layer").load_state_dict(_moved(theirs, names, ("self_attn",)))
    x = torch.rand(2, 9, 32)
    torch.testing.assert_close(ours(x), theirs(x), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("norm_first", "causal"), [(True, True), (False, True), (True, False)])
def test_transformer_decoder_is_torchs_decoder_layer(norm_first: bool, causal: bool) -> None:
    theirs = randomised(
        nn.TransformerDecoderLayer(32, 4, 64, batch_first=True, norm_first=norm_first).eval()
    )
    flag = "true" if norm_first else "false"
    causal_flag = "true" if causal else "false"
    options = f"hidden=64, act=relu, norm_first={flag}, causal={causal_flag}"
    call = f"transformer_decoder(memory, 4, {options})"
    block = compiled(f"{{ let memory = tanh let layer = x -> {call} return layer }}", DATA)
    assert block.params == sum(p.numel() for p in theirs.parameters())
    norms = ("norm1", "norm2", "norm3") if norm_first else ("norm2", "norm3", "norm")
    names = {"self_attn": "self_attn", "multihead_attn": "cross_attn"}
    names |= {"linear1": "mlp.fc1", "linear2": "mlp.fc2"}
    names |= dict(zip(("norm1", "norm2", "norm3"), norms, strict=True))
    state = _moved(theirs, names, ("self_attn", "multihead_attn"))
    ours = block.module().eval()
    ours.get_submodule("layer").load_state_dict(_apart(state, "cross_attn", 32))
    x = torch.rand(2, 9, 32)
    mask = nn.Transformer.generate_square_subsequent_mask(9) if causal else None
    expected = theirs(x, torch.tanh(x), tgt_mask=mask, tgt_is_causal=causal)
    torch.testing.assert_close(ours(x), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("block", "theirs"),
    [
        ("lstm_stack(16, layers=3)", nn.LSTM(32, 16, 3, batch_first=True)),
        ("gru_stack(16, layers=3)", nn.GRU(32, 16, 3, batch_first=True)),
        ("bilstm(16)", nn.LSTM(32, 16, batch_first=True, bidirectional=True)),
    ],
)
def test_recurrent_stacks_are_torchs(block: str, theirs: nn.Module) -> None:
    ours, x = compiled(block, DATA).module(), torch.rand(2, 9, 32)
    transfer.copy(theirs, ours, x)
    torch.testing.assert_close(ours(x), theirs(x)[0])


def test_a_tcn_block_sees_the_past_alone() -> None:
    block, x = compiled("tcn_block(8, dilation=2)", DATA).module().eval(), torch.rand(1, 9, 32)
    changed = x.clone()
    changed[:, 5] += 1
    before, after = block(x), block(changed)
    assert torch.equal(before[:, :5], after[:, :5])
    assert not torch.equal(before[:, 5:], after[:, 5:])


@pytest.mark.parametrize("block", ["gpt_block(4)", "llama_block(4, kv_heads=2)"])
def test_causal_blocks_see_the_past_alone(block: str) -> None:
    module, x = compiled(block, DATA).module().eval(), torch.rand(1, 9, 32)
    changed = x.clone()
    changed[:, 5] += 1
    torch.testing.assert_close(module(x)[:, :5], module(changed)[:, :5])


def test_cbam_is_two_gates_of_shared_weights() -> None:
    from torch.nn import functional as F

    module = compiled("cbam(reduction=4)", "image(16, 5, 5)").module().eval()
    state = module.state_dict()
    down, down_bias, up, up_bias = (state[key] for key in state if ".excited." in key)
    (kernel,) = (state[key] for key in state if ".position_gate." in key)
    x = torch.randn(2, 16, 5, 5)

    def excite(pooled: Tensor) -> Tensor:
        return F.linear(F.relu(F.linear(pooled, down, down_bias)), up, up_bias)

    gate = torch.sigmoid(excite(x.mean((2, 3))) + excite(x.amax((2, 3))))
    gated = x * gate[:, :, None, None]
    summary = torch.cat((gated.mean(1, keepdim=True), gated.amax(1, keepdim=True)), 1)
    expected = gated * torch.sigmoid(F.conv2d(summary, kernel, padding=3))
    torch.testing.assert_close(module(x), expected)
