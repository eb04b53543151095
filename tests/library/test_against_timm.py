"""Blocks that torchvision does not have compute what timm's and transformers' do."""

from __future__ import annotations

import pytest
import torch

import archdsl
from tests import peers
from tests.library.pages import compiled
from tests.zoo import transfer
from tests.zoo_sequence.weights import randomised


def test_ghost_is_timms() -> None:
    peers.import_torchvision()
    from timm.models.ghostnet import GhostModule

    theirs, x = randomised(GhostModule(8, 16).eval()), torch.rand(2, 8, 7, 7)
    ours = compiled("ghost(16)", "image(8, 7, 7)").module().eval()
    transfer.copy(theirs, ours, x)
    torch.testing.assert_close(ours(x), theirs(x))


def test_eca_is_timms() -> None:
    peers.import_torchvision()
    from timm.layers import EcaModule

    theirs, x = EcaModule(kernel_size=5), torch.rand(2, 16, 7, 7)
    ours = compiled("eca(kernel=5)", "image(16, 7, 7)").module()
    transfer.copy(theirs, ours, x)
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize(("kv_heads", "theta"), [(4, 10_000), (2, 10_000), (2, 500)])
def test_llama_block_is_transformers_decoder_layer(kv_heads: int, theta: int) -> None:
    peers.import_torchvision()
    from transformers import LlamaConfig, LlamaModel

    config = LlamaConfig(
        vocab_size=8,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=1,
        num_attention_heads=4,
        num_key_value_heads=kv_heads,
        rope_parameters={"rope_type": "default", "rope_theta": float(theta)},
    )
    theirs = randomised(LlamaModel(config).eval())
    block = f"llama_block(4, kv_heads={kv_heads}, hidden=48, theta={theta})"
    body = f"{{ let layer = {block} let norm = layer -> rms_norm(eps=1e-6) return norm }}"
    ours = compiled(body, "series(9, 32)").module().eval()
    state = {key.replace("layers.0", "layer"): t for key, t in theirs.state_dict().items()}
    del state["embed_tokens.weight"]
    q, k, v = (state.pop(f"layer.self_attn.{part}_proj.weight") for part in "qkv")
    packed = {"qkv": (q, k, v)} if kv_heads == 4 else {"q": (q,), "kv": (k, v)}
    state |= {f"layer.self_attn.{name}.weight": torch.cat(parts) for name, parts in packed.items()}
    state["layer.self_attn.proj.weight"] = state.pop("layer.self_attn.o_proj.weight")
    ours.load_state_dict(state)
    x = torch.rand(2, 9, 32)
    expected = theirs(inputs_embeds=x).last_hidden_state
    torch.testing.assert_close(ours(x), expected, rtol=1e-5, atol=1e-5)


LEVIT = """
block normed(width) = linear(width, bias=false) -> batch_norm
arch Levit {
  data image(12, 6, 6)
  allow mlp_on_grid because "what comes before is left out"
  allow narrow_heads because "as few as in a test"
  model {
    let bias = relative_position_bias(3, absolute=true, stride=2)
    let tokens = to_sequence
    let fewer = slice(0, step=2, axis=height) -> slice(0, step=2, axis=width) -> to_sequence
    let q = fewer -> normed(12)
    let k = tokens -> normed(12)
    let v = tokens -> normed(24)
    let read = dot_product_attention(q, k, v, 3, position_bias=bias) -> silu
    let proj = read -> normed(20)
    return proj
  }
}
"""


def test_the_core_makes_the_downsampling_attention_of_levit() -> None:
    peers.import_torchvision()
    from timm.models.levit import AttentionDownsample

    theirs = AttentionDownsample(12, 20, 4, num_heads=3, attn_ratio=2.0, resolution=(6, 6))
    theirs.eval()
    randomised(theirs)
    state = theirs.state_dict()
    ours = archdsl.compile(LEVIT).module().eval()
    mine = {"bias.table": state["attention_biases"]}
    parts = {"linear.weight": "linear.weight"}
    parts |= {f"bn.{name}": f"norm.{name}" for name in ("weight", "bias", "running_mean")}
    parts |= {"bn.running_var": "norm.running_var"}
    for their_part, part in parts.items():
        both = state[f"kv.{their_part}"]
        heads = both.unflatten(0, (3, 12)).split((4, 8), dim=1)  # keys and values side by side
        keys, values = (one.flatten(0, 1) for one in heads)
        mine |= {f"k.{part}": keys, f"v.{part}": values}
        mine[f"q.{part}"] = state[f"q.ln.{their_part}"]
        mine[f"proj.{part}"] = state[f"proj.ln.{their_part}"]
    ours.load_state_dict(mine, strict=False)  # BatchNorm1d counts its batches
    x = torch.rand(2, 12, 6, 6)
    expected = theirs(x.flatten(2).transpose(1, 2))
    torch.testing.assert_close(ours(x), expected, rtol=1e-5, atol=1e-5)
