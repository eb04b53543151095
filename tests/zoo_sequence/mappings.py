"""Which of a peer's tensors each of ours is, for models whose attention is packed otherwise.

A line says ``our key: their key``. ``{i}`` counts layers, ``*`` stands for weight and bias, a tuple
for tensors put one after another, and ``.T`` for a transposed one (GPT-2 keeps inputs first).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

    Theirs = str | tuple[str, ...]

TORCHVISION_VIT: dict[str, Theirs] = {
    "conv_proj.proj.*": "conv_proj.*",
    "embedded.0.token": "class_token",
    "embedded.1.weight": "encoder.pos_embedding",
    "encoder.{i}.norm1.*": "encoder.layers.encoder_layer_{i}.ln_1.*",
    "encoder.{i}.attn.qkv.*": "encoder.layers.encoder_layer_{i}.self_attention.in_proj_*",
    "encoder.{i}.attn.proj.*": "encoder.layers.encoder_layer_{i}.self_attention.out_proj.*",
    "encoder.{i}.norm2.*": "encoder.layers.encoder_layer_{i}.ln_2.*",
    "encoder.{i}.mlp.fc1.*": "encoder.layers.encoder_layer_{i}.mlp.0.*",
    "encoder.{i}.mlp.fc2.*": "encoder.layers.encoder_layer_{i}.mlp.3.*",
    "ln.*": "encoder.ln.*",
    "head.*": "heads.head.*",
}

TIMM_DEIT: dict[str, Theirs] = {
    "embedded.0.token": "cls_token",
    "embedded.1.weight": "pos_embed",
    **{
        f"{prefix}.*": f"{prefix}.*"
        for prefix in (
            "patch_embed.proj",
            *(f"blocks.{{i}}.{part}" for part in ("norm1", "attn.qkv", "attn.proj", "norm2")),
            *(f"blocks.{{i}}.mlp.{part}" for part in ("fc1", "fc2")),
            "norm",
            "head",
        )
    },
}

_SWIN_STAGES = {
    "stage1": "features.1",
    **{f"stage{n}.1": f"features.{2 * n - 1}" for n in (2, 3, 4)},
}
_SWIN_BLOCK = {
    "norm1.*": "norm1.*",
    "attn.qkv.*": "attn.qkv.*",
    "attn.proj.*": "attn.proj.*",
    "attn.distances": "attn.relative_position_bias_table",
    "norm2.*": "norm2.*",
    "fc1.*": "mlp.0.*",
    "fc2.*": "mlp.3.*",
}
TORCHVISION_SWIN: dict[str, Theirs] = {
    "proj.*": "features.0.0.*",
    "stem.*": "features.0.2.*",
    **{
        f"{ours}.{{i}}.{part}": f"{theirs}.{{i}}.{their_part}"
        for ours, theirs in _SWIN_STAGES.items()
        for part, their_part in _SWIN_BLOCK.items()
    },
    **{f"stage{n}.0.norm.*": f"features.{2 * n - 2}.norm.*" for n in (2, 3, 4)},
    **{f"stage{n}.0.reduction.weight": f"features.{2 * n - 2}.reduction.weight" for n in (2, 3, 4)},
    "norm.*": "norm.*",
    "head.*": "head.*",
}

_BERT_LAYER = "encoder.layer.{i}"
HUGGING_FACE_BERT: dict[str, Theirs] = {
    "words.weight": "embeddings.word_embeddings.weight",
    "placed.0.weight": "embeddings.position_embeddings.weight",
    "placed.1.weight": "embeddings.token_type_embeddings.weight",
    "embedded.0.*": "embeddings.LayerNorm.*",
    "encoder.{i}.self_attn.qkv.*": tuple(
        f"{_BERT_LAYER}.attention.self.{part}.*" for part in ("query", "key", "value")
    ),
    "encoder.{i}.self_attn.proj.*": f"{_BERT_LAYER}.attention.output.dense.*",
    "encoder.{i}.norm2.*": f"{_BERT_LAYER}.attention.output.LayerNorm.*",
    "encoder.{i}.mlp.fc1.*": f"{_BERT_LAYER}.intermediate.dense.*",
    "encoder.{i}.mlp.fc2.*": f"{_BERT_LAYER}.output.dense.*",
    "encoder.{i}.norm.*": f"{_BERT_LAYER}.output.LayerNorm.*",
    "pooler.*": "pooler.dense.*",
}

_DISTILBERT_LAYER = "transformer.layer.{i}"
HUGGING_FACE_DISTILBERT: dict[str, Theirs] = {
    "words.weight": "embeddings.word_embeddings.weight",
    "placed.weight": "embeddings.position_embeddings.weight",
    "embedded.0.*": "embeddings.LayerNorm.*",
    "transformer.{i}.self_attn.qkv.*": tuple(
        f"{_DISTILBERT_LAYER}.attention.{part}_lin.*" for part in "qkv"
    ),
    "transformer.{i}.self_attn.proj.*": f"{_DISTILBERT_LAYER}.attention.out_lin.*",
    "transformer.{i}.norm2.*": f"{_DISTILBERT_LAYER}.sa_layer_norm.*",
    "transformer.{i}.mlp.fc1.*": f"{_DISTILBERT_LAYER}.ffn.lin1.*",
    "transformer.{i}.mlp.fc2.*": f"{_DISTILBERT_LAYER}.ffn.lin2.*",
    "transformer.{i}.norm.*": f"{_DISTILBERT_LAYER}.output_layer_norm.*",
}

_VIT_ATTENTION = "layers.{i}.attention"
HUGGING_FACE_VIT: dict[str, Theirs] = {
    "patches.proj.*": "embeddings.patch_embeddings.projection.*",
    "embedded.0.token": "embeddings.cls_token",
    "embedded.1.weight": "embeddings.position_embeddings",
    "encoder.{i}.norm1.*": "layers.{i}.layernorm_before.*",
    "encoder.{i}.attn.qkv.*": tuple(f"{_VIT_ATTENTION}.{part}_proj.*" for part in "qkv"),
    "encoder.{i}.attn.proj.*": f"{_VIT_ATTENTION}.o_proj.*",
    "encoder.{i}.norm2.*": "layers.{i}.layernorm_after.*",
    "encoder.{i}.mlp.fc1.*": "layers.{i}.mlp.fc1.*",
    "encoder.{i}.mlp.fc2.*": "layers.{i}.mlp.fc2.*",
    "layernorm.*": "layernorm.*",
    "pooler.*": "pooler.dense.*",
}

_LLAMA_LAYER = "model.layers.{i}"
HUGGING_FACE_LLAMA: dict[str, Theirs] = {
    "embed_tokens.weight": "model.embed_tokens.weight",
    "layers.{i}.self_attn.q.weight": f"{_LLAMA_LAYER}.self_attn.q_proj.weight",
    "layers.{i}.self_attn.kv.weight": tuple(
        f"{_LLAMA_LAYER}.self_attn.{part}_proj.weight" for part in "kv"
    ),
    "layers.{i}.self_attn.proj.weight": f"{_LLAMA_LAYER}.self_attn.o_proj.weight",
    **{
        f"layers.{{i}}.{part}.weight": f"{_LLAMA_LAYER}.{part}.weight"
        for part in (
            "input_layernorm",
            "post_attention_layernorm",
            *(f"mlp.{name}_proj" for name in ("gate", "up", "down")),
        )
    },
    "norm.weight": "model.norm.weight",
    "lm_head.weight": "lm_head.weight",
}

_GPT2_LAYER = "transformer.h.{i}"
HUGGING_FACE_GPT2: dict[str, Theirs] = {
    "wte.weight": "transformer.wte.weight",
    "wpe.weight": "transformer.wpe.weight",
    "h.{i}.ln_1.*": f"{_GPT2_LAYER}.ln_1.*",
    "h.{i}.attn.qkv.*": f"{_GPT2_LAYER}.attn.c_attn.*.T",
    "h.{i}.attn.proj.*": f"{_GPT2_LAYER}.attn.c_proj.*.T",
    "h.{i}.ln_2.*": f"{_GPT2_LAYER}.ln_2.*",
    "h.{i}.mlp.fc1.*": f"{_GPT2_LAYER}.mlp.c_fc.*.T",
    "h.{i}.mlp.fc2.*": f"{_GPT2_LAYER}.mlp.c_proj.*.T",
    "ln_f.*": "transformer.ln_f.*",
}

MAPPINGS = {
    "vit_b_16": TORCHVISION_VIT,
    "vit_b_32": TORCHVISION_VIT,
    "vit_l_16": TORCHVISION_VIT,
    "deit_tiny": TIMM_DEIT,
    "swin_t": TORCHVISION_SWIN,
    "swin_b": TORCHVISION_SWIN,
    "distilbert_base": HUGGING_FACE_DISTILBERT,
    "vit_hf_base": HUGGING_FACE_VIT,
    "llama_56m": HUGGING_FACE_LLAMA,
    "bert_base": HUGGING_FACE_BERT,
    "gpt2": HUGGING_FACE_GPT2,
}


def copy_mapped(theirs: nn.Module, ours: nn.Module, mapping: dict[str, Theirs]) -> None:
    """Load a peer's weights into ours by a mapping, which must tell every tensor of ours."""
    state, mine = theirs.state_dict(), ours.state_dict()
    told = dict(pair for line in mapping.items() for pair in _expanded(*line, mine))
    loaded = {key: _tensor(told[key], state).reshape(mine[key].shape) for key in mine}
    ours.load_state_dict(loaded, strict=True)


def _expanded(mine: str, their: Theirs, keys: dict[str, Tensor]) -> Iterator[tuple[str, Theirs]]:
    """A line for each layer, and for weight and bias."""
    for part in ("weight", "bias") if "*" in mine else ("",):
        for layer in range(len(keys)) if "{i}" in mine else (0,):
            key = _filled(mine, layer, part)
            if key not in keys:
                break
            several = isinstance(their, tuple)
            parts = tuple(_filled(one, layer, part) for one in (their if several else (their,)))
            yield key, parts


def _filled(key: str, layer: int, part: str) -> str:
    return key.replace("{i}", str(layer)).replace("*", part)


def _tensor(keys: Theirs, state: dict[str, Tensor]) -> Tensor:
    return torch.cat([_one(key, state) for key in keys])


def _one(key: str, state: dict[str, Tensor]) -> Tensor:
    tensor = state[key.removesuffix(".T")]
    return tensor.mT if key.endswith(".T") and tensor.dim() == 2 else tensor
