"""Layers whose attention is of another kind compute what those of transformers compute."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest
import torch

import archdsl
from tests.peers import import_torchvision

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

    Weights = dict[str, Tensor]

LENGTH, WIDTH = 12, 32


def peer(model: str, config: str, **options: Any) -> nn.Module:
    """A model of transformers with random weights, attending step by step."""
    import_torchvision()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers = pytest.importorskip("transformers")
        made = getattr(transformers, model)._from_config(
            getattr(transformers, config)(**options), attn_implementation="eager"
        )
    torch.manual_seed(0)
    for weight in made.parameters():
        torch.nn.init.normal_(weight, std=0.2)
    return made.eval()


def ours(model: str, weights: Weights, blocks: str = "") -> nn.Module:
    """A model of ours over a series, with all of some weights."""
    text = f"{blocks} arch A {{ data series({LENGTH}, {WIDTH}) model {{ {model} }} }}"
    module = archdsl.compile(text).module().eval()
    module.load_state_dict(weights)
    return module


def agree(model: nn.Module, reference: Callable[[Tensor], Any]) -> None:
    x = torch.randn(2, LENGTH, WIDTH)
    with torch.no_grad():
        torch.testing.assert_close(model(x), reference(x), rtol=1e-4, atol=1e-5)


def joined(weights: Weights, ours: str, *theirs: str) -> Weights:
    """Projections in one, for each of weight and bias that they have."""
    return {
        f"{ours}.{part}": torch.cat([weights[f"{name}.{part}"] for name in theirs])
        for part in ("weight", "bias")
        if f"{theirs[-1]}.{part}" in weights
    }


def t5(**options: Any) -> nn.Module:
    sizes = {"d_model": WIDTH, "d_kv": 12, "d_ff": 48, "num_heads": 4, "num_layers": 2}
    return peer("T5Model", "T5Config", vocab_size=10, use_cache=False, **sizes, **options)


def mlp_of_t5(weights: Weights, at: str, to: str, gated: bool) -> Weights:
    names = [("wi_0", "mlp.0.gate_proj"), ("wi_1", "mlp.0.up_proj"), ("wo", "mlp.0.down_proj")]
    names = names if gated else [("wi", "mlp.fc1"), ("wo", "mlp.fc2")]
    return {
        f"{to}.{new}.weight": weights[f"{at}.DenseReluDense.{old}.weight"] for old, new in names
    }


def encoder_of_t5(weights: Weights, gated: bool) -> Weights:
    found = {
        "bias.table": weights[
            "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
        ].T
    }
    for n in range(2):
        at, to = f"encoder.block.{n}.layer", f"t5_block.{n}"
        found |= attention_of_t5(weights, f"{at}.0.SelfAttention", f"{to}.self_attn")
        found |= {
            f"{to}.norm{k + 1}.weight": weights[f"{at}.{k}.layer_norm.weight"] for k in (0, 1)
        }
        found |= mlp_of_t5(weights, f"{at}.1", to, gated)
    return {**found, "norm.weight": weights["encoder.final_layer_norm.weight"]}


def attention_of_t5(weights: Weights, at: str, to: str) -> Weights:
    found = joined(weights, f"{to}.qkv", *(f"{at}.{part}" for part in "qkv"))
    return {**found, f"{to}.proj.weight": weights[f"{at}.o.weight"]}


@pytest.mark.parametrize("gated", [False, True])
def test_t5_block_is_that_of_t5(gated: bool) -> None:
    made = t5(feed_forward_proj="gated-gelu" if gated else "relu")
    options = f"4, head_width=12, hidden=48, drop=0, gated={str(gated).lower()}"
    model = f"""
        let bias = bucketed_position_bias(4)
        return x -> 2 * t5_block(bias, {options}) -> rms_norm(eps=1e-6)
    """
    weights = encoder_of_t5(made.state_dict(), gated)
    agree(ours(model, weights), lambda x: made.encoder(inputs_embeds=x).last_hidden_state)


def test_t5_decoder_block_is_that_of_t5() -> None:
    made = t5()
    theirs = made.state_dict()
    name = "decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
    weights = {"bias.table": theirs[name].T, "memory.weight": torch.eye(WIDTH)}
    weights["norm.weight"] = theirs["decoder.final_layer_norm.weight"]
    for n in range(2):
        at, to = f"decoder.block.{n}.layer", f"t5_decoder_block.{n}"
        weights |= attention_of_t5(theirs, f"{at}.0.SelfAttention", f"{to}.self_attn")
        other = f"{at}.1.EncDecAttention"
        weights |= joined(theirs, f"{to}.cross_attn.kv", f"{other}.k", f"{other}.v")
        weights[f"{to}.cross_attn.q.weight"] = theirs[f"{other}.q.weight"]
        weights[f"{to}.cross_attn.proj.weight"] = theirs[f"{other}.o.weight"]
        for k in range(3):
            weights[f"{to}.norm{k + 1}.weight"] = theirs[f"{at}.{k}.layer_norm.weight"]
        weights |= mlp_of_t5(theirs, f"{at}.2", to, gated=False)
    model = """
        let memory = linear(32, bias=false)
        let bias = bucketed_position_bias(4, causal=true)
        return x -> 2 * t5_decoder_block(memory, bias, 4, head_width=12, hidden=48, drop=0)
                 -> rms_norm(eps=1e-6)
    """

    def reference(x: Tensor) -> Any:
        return made.decoder(inputs_embeds=x, encoder_hidden_states=x).last_hidden_state

    agree(ours(model, weights), reference)


LLAMA = """
block layer() {
  let norm1 = rms_norm(eps=1e-6)
  let self_attn = norm1 -> attention(4, kv_heads=2, head_width=12, causal=true, rotary=true,
                                     bias=false, theta=500, reach=4)
  let attended = add(x, self_attn)
  let norm2 = attended -> rms_norm(eps=1e-6)
  let mlp = norm2 -> swiglu(48)
  return add(attended, mlp)
}
"""
SIZES = {
    "vocab_size": 10,
    "hidden_size": WIDTH,
    "intermediate_size": 48,
    "head_dim": 12,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "use_cache": False,
    "rms_norm_eps": 1e-6,
    "pad_token_id": 0,
}


def rope(theta: float) -> dict[str, Any]:
    return {"rope_type": "default", "rope_theta": theta}


def layers(theirs: Weights, norms: dict[str, str], add: float = 0.0) -> Weights:
    """Of two layers as LLaMA has them with other norms; ``add`` to the weights of these."""
    found = {"norm.weight": theirs["norm.weight"] + add}
    for n in range(2):
        at, to = f"layers.{n}", f"layer.{n}"
        for old, new in norms.items():
            found[f"{to}.{new}.weight"] = theirs[f"{at}.{old}.weight"] + add
        found[f"{to}.self_attn.q.weight"] = theirs[f"{at}.self_attn.q_proj.weight"]
        found[f"{to}.self_attn.proj.weight"] = theirs[f"{at}.self_attn.o_proj.weight"]
        parts = (f"{at}.self_attn.{part}_proj" for part in "kv")
        found |= joined(theirs, f"{to}.self_attn.kv", *parts)
        for part in ("gate_proj", "up_proj", "down_proj"):
            found[f"{to}.mlp.{part}.weight"] = theirs[f"{at}.mlp.{part}.weight"]
    return found


def test_mistral_attends_within_a_sliding_window() -> None:
    options = {"sliding_window": 5, "rope_parameters": rope(500.0)}
    made = peer("MistralModel", "MistralConfig", **SIZES, **options)
    norms = {"input_layernorm": "norm1", "post_attention_layernorm": "norm2"}
    weights = layers(made.state_dict(), norms)
    model = "let layer = 2 * layer() let norm = layer -> rms_norm(eps=1e-6) return norm"
    agree(ours(model, weights, LLAMA), lambda x: made(inputs_embeds=x).last_hidden_state)


GEMMA = """
block layer(self_attn) {
  let norm1 = rms_norm(eps=1e-6)
  let read = norm1 -> self_attn
  let norm2 = read -> rms_norm(eps=1e-6)
  let attended = add(x, norm2)
  let norm3 = attended -> rms_norm(eps=1e-6)
  let mlp = norm3 -> swiglu(48, act=gelu(approximate=tanh))
  let norm4 = mlp -> rms_norm(eps=1e-6)
  return add(attended, norm4)
}
"""
NORMS_OF_GEMMA = {
    "input_layernorm": "norm1",
    "post_attention_layernorm": "norm2",
    "pre_feedforward_layernorm": "norm3",
    "post_feedforward_layernorm": "norm4",
}


def gemma(options: str, near: str, far: str) -> str:
    """A local layer, then a global one."""
    common = (
        f"4, kv_heads=2, head_width=12, causal=true, rotary=true, bias=false, scale=0.25{options}"
    )
    return f"""
        let layer = each(reach = [4, 99], layer(when(reach < 12,
          attention({common}{near}, reach=4), else=attention({common}{far}))))
        let norm = layer -> rms_norm(eps=1e-6)
        return norm
    """


def test_gemma_2_caps_scores() -> None:
    options = {"attn_logit_softcapping": 3.0, "query_pre_attn_scalar": 16, "sliding_window": 5}
    made = peer("Gemma2Model", "Gemma2Config", **SIZES, **options)
    weights = layers(made.state_dict(), NORMS_OF_GEMMA, add=1.0)
    model = ours(gemma(", softcap=3", "", ""), weights, GEMMA)
    agree(model, lambda x: made(inputs_embeds=x).last_hidden_state)


def test_gemma_3_norms_queries_and_keys() -> None:
    kinds = ["sliding_attention", "full_attention"]
    options = {"query_pre_attn_scalar": 16, "sliding_window": 5, "layer_types": kinds}
    turns = {"sliding_attention": rope(1e4), "full_attention": rope(1e6)}
    made = peer("Gemma3TextModel", "Gemma3TextConfig", **SIZES, **options, rope_parameters=turns)
    weights = layers(made.state_dict(), NORMS_OF_GEMMA, add=1.0)
    for n in range(2):
        for part in "qk":
            theirs = made.state_dict()[f"layers.{n}.self_attn.{part}_norm.weight"]
            weights[f"layer.{n}.self_attn.{part}_norm.weight"] = theirs + 1
    model = ours(gemma(", qk_norm=rms_norm, eps=1e-6", "", ", theta=1e6"), weights, GEMMA)
    agree(model, lambda x: made(inputs_embeds=x).last_hidden_state)


def test_whisper_has_no_bias_on_keys() -> None:
    sizes = {"d_model": WIDTH, "encoder_layers": 2, "encoder_attention_heads": 4}
    sizes |= {"decoder_layers": 1, "decoder_attention_heads": 4}
    sizes |= {"encoder_ffn_dim": 48, "num_mel_bins": 8, "max_source_positions": LENGTH}
    made = peer("WhisperModel", "WhisperConfig", vocab_size=60, pad_token_id=0, **sizes).encoder
    theirs = made.state_dict()
    weights = {f"norm.{part}": theirs[f"layer_norm.{part}"] for part in ("weight", "bias")}
    names = {"self_attn_layer_norm": "norm1", "final_layer_norm": "norm2", "fc1": "mlp.fc1"}
    names |= {"fc2": "mlp.fc2", "self_attn.out_proj": "self_attn.proj"}
    names |= {f"self_attn.{part}_proj": f"self_attn.{part}" for part in "qkv"}
    for n in range(2):
        for old, new in names.items():
            for part in ("weight", "bias") if not old.endswith("k_proj") else ("weight",):
                weights[f"layer.{n}.{new}.{part}"] = theirs[f"layers.{n}.{old}.{part}"]
    blocks = """
        block layer() {
          let norm1 = layer_norm
          let self_attn = norm1 -> attention(4, key_bias=false)
          let attended = add(x, self_attn)
          let norm2 = attended -> layer_norm
          let mlp = norm2 -> mlp(48)
          return add(attended, mlp)
        }
    """
    model = "let layer = 2 * layer() let norm = layer -> layer_norm return norm"

    def reference(x: Tensor) -> Any:
        for layer in made.layers:
            found = layer(x, None)
            x = found[0] if isinstance(found, tuple) else found
        return made.layer_norm(x)

    agree(ours(model, weights, blocks), reference)
