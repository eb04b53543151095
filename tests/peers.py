"""Other people's models, to hold ours against: randomly initialised, in eval mode, no download.

Nothing is imported until a peer is asked for. ``peer(name)`` knows every model by the name it has
in the reference numbers; ``NAMES`` lists them.
"""

from __future__ import annotations

import warnings
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from archdsl.runtime.live.vision import declare_operators
from tests import reference_models

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from torch import Tensor, nn


@cache
def import_torchvision() -> ModuleType:
    """torchvision, whether or not its compiled ops load on the installed torch."""
    declare_operators()
    import torchvision

    return torchvision


def torchvision_model(name: str, **options: Any) -> nn.Module:
    """A model of ``torchvision.models`` by its name there."""
    torchvision = import_torchvision()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # slow initialisation of Inception's weights
        model: nn.Module = torchvision.models.get_model(name, weights=None, **options)
    return model.eval()


def inception_v3() -> nn.Module:
    """Inception v3 without its auxiliary head, for 299 x 299 images."""
    return torchvision_model("inception_v3", aux_logits=False, init_weights=False)


def googlenet() -> nn.Module:
    """GoogLeNet without its auxiliary heads."""
    return torchvision_model("googlenet", aux_logits=False, init_weights=False)


def inception_v3_aux() -> nn.Module:
    """Inception v3 with its auxiliary head, for 299 x 299 images."""
    return torchvision_model("inception_v3", aux_logits=True, init_weights=False)


def googlenet_aux() -> nn.Module:
    """GoogLeNet with its auxiliary heads."""
    return torchvision_model("googlenet", aux_logits=True, init_weights=False)


def resnet18_fpn() -> nn.Module:
    """torchvision's feature pyramid over ResNet-18: five maps, by name."""
    import_torchvision()
    from torch import nn
    from torchvision.models.detection.backbone_utils import resnet_fpn_backbone

    norm = nn.BatchNorm2d  # its own norm is this one with statistics that stay as they are
    made: nn.Module = resnet_fpn_backbone(
        backbone_name="resnet18", weights=None, norm_layer=norm, trainable_layers=5
    )
    return made.eval()


def timm_model(name: str, **options: Any) -> nn.Module:
    """A model of timm by its name there."""
    import_torchvision()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import timm

        model: nn.Module = timm.create_model(name, pretrained=False, **options)
    return model.eval()


def hf_albert() -> nn.Module:
    """``AlbertModel`` with pooler, of albert-base-v2's sizes; returns the last hidden state."""
    sizes = {"hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072}
    return _transformers("AlbertModel", "AlbertConfig", **sizes)


def hf_bart() -> nn.Module:
    """``BartForConditionalGeneration`` of bart-base's sizes, its head tied to the embedding."""
    sizes = {"d_model": 768, "encoder_layers": 6, "decoder_layers": 6}
    for half in ("encoder", "decoder"):
        sizes |= {f"{half}_attention_heads": 12, f"{half}_ffn_dim": 3072}
    plain = {"attn_implementation": "eager"}  # its masks for others look at numbers
    return _transformers("BartForConditionalGeneration", "BartConfig", **sizes, **plain)


def hf_bert(**options: Any) -> nn.Module:
    """``BertModel`` with pooler, of bert-base-uncased's sizes; returns the last hidden state."""
    return _transformers("BertModel", "BertConfig", **options)


def hf_gpt2(**options: Any) -> nn.Module:
    """``GPT2LMHeadModel`` of the smallest size, its head tied to the embedding; returns logits."""
    return _transformers("GPT2LMHeadModel", "GPT2Config", use_cache=False, **options)


def hf_llama() -> nn.Module:
    """``LlamaForCausalLM`` of 512 features, eight layers, keys and values shared by two heads."""
    sizes = {
        "hidden_size": 512,
        "num_hidden_layers": 8,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "intermediate_size": 1376,
        "vocab_size": 32_000,
    }
    return _transformers("LlamaForCausalLM", "LlamaConfig", use_cache=False, **sizes)


def hf_longformer() -> nn.Module:
    """``LongformerModel`` with pooler, of longformer-base-4096's sizes; no token is global."""
    sizes = {"vocab_size": 50_265, "max_position_embeddings": 4098, "type_vocab_size": 1}
    return _transformers("LongformerModel", "LongformerConfig", layer_norm_eps=1e-5, **sizes)


def hf_mamba(**options: Any) -> nn.Module:
    """``MambaForCausalLM`` of 130 million parameters, its head tied to the embedding; logits."""
    return _transformers("MambaForCausalLM", "MambaConfig", **options)


def hf_smollm2() -> nn.Module:
    """``LlamaForCausalLM`` of SmolLM2-135M's sizes, its head tied to the embedding; logits."""
    sizes = {
        "hidden_size": 576,
        "num_hidden_layers": 30,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
        "intermediate_size": 1536,
        "vocab_size": 49_152,
        "rms_norm_eps": 1e-5,
        "rope_parameters": {"rope_type": "default", "rope_theta": 100_000.0},
    }
    tied = {"tie_word_embeddings": True, "use_cache": False}
    return _transformers("LlamaForCausalLM", "LlamaConfig", **sizes, **tied)


def hf_mistral() -> nn.Module:
    """``MistralForCausalLM`` of 512 features and six layers, each of which sees 64 positions."""
    sizes = {
        "hidden_size": 512,
        "num_hidden_layers": 6,
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "intermediate_size": 1792,
        "vocab_size": 32_000,
        "sliding_window": 64,
    }
    return _transformers("MistralForCausalLM", "MistralConfig", use_cache=False, **sizes)


def hf_roberta() -> nn.Module:
    """``RobertaModel`` with pooler, of roberta-base's sizes; returns the last hidden state.

    Id 1 is its padding, which it counts no position for.
    """
    sizes = {"max_position_embeddings": 514, "type_vocab_size": 1, "layer_norm_eps": 1e-5}
    return _transformers("RobertaModel", "RobertaConfig", **sizes)


def hf_whisper() -> nn.Module:
    """The encoder of ``WhisperModel``, of whisper-tiny's sizes, over (batch, 3000, 80) spectra."""
    from torch import nn

    class Encoder(nn.Module):
        """Its weights are called as in a checkpoint of Whisper: ``model.encoder.conv1.weight``."""

        def __init__(self) -> None:
            super().__init__()
            whole = _transformers("WhisperModel", "WhisperConfig")
            self.model = nn.ModuleDict({"encoder": whole.encoder})

        def forward(self, x: Tensor) -> Any:
            return self.model["encoder"](x.mT)

    return Encoder().eval()


def _transformers(model: str, config: str, **options: Any) -> nn.Module:
    import_torchvision()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import transformers

        built: nn.Module = getattr(transformers, model)(getattr(transformers, config)(**options))
    return built.eval()


def pyg_model(name: str, **options: Any) -> nn.Module:
    """A two-layer model of ``torch_geometric.nn.models`` from Cora's 1433 features to 7 classes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch_geometric.nn import models

        model: nn.Module = getattr(models, name)(
            in_channels=1433, num_layers=2, out_channels=7, **options
        )
    return model.eval()


def cora_like(seed: int = 0) -> tuple[Tensor, Tensor]:
    """Features and edges of Cora's sizes at random: 2708 nodes, 10556 edges, 1433 features."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    features = torch.rand(2708, 1433, generator=generator)
    edges = torch.randint(0, 2708, (2, 10556), generator=generator)
    return features, edges


def molecule(seed: int = 0) -> tuple[Tensor, ...]:
    """A graph of the average size in ZINC at random: nodes, edges, their features, and no other."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    start = torch.randint(23, (50,), generator=generator)
    step = torch.randint(1, 23, (50,), generator=generator)
    edges = torch.stack((start, (start + step) % 23))
    nodes = torch.rand(23, 21, generator=generator)
    return nodes, edges, torch.rand(50, 4, generator=generator), torch.zeros(23, dtype=torch.int64)


_FROM_TORCHVISION = (
    "resnet18 resnet34 resnet50 resnet152 wide_resnet50_2 resnext50_32x4d vgg11 vgg16 vgg19 "
    "vgg11_bn vgg19_bn alexnet squeezenet1_0 densenet121 densenet161 mobilenet_v2 "
    "mobilenet_v3_small mobilenet_v3_large mnasnet1_0 shufflenet_v2_x1_0 efficientnet_b0 "
    "regnet_y_400mf convnext_tiny convnext_base vit_b_16 vit_b_32 vit_l_16 swin_t swin_b maxvit_t"
).split()
_FROM_TIMM = (
    "seresnet50 mixer_b16_224 deit_tiny_patch16_224 ghostnet_100 repvgg_a0 resnet50d "
    "resnetblur50 tf_efficientnet_lite0 levit_128s dm_nfnet_f0 coatnet_0_rw_224 resmlp_12_224 "
    "mobilevit_xs efficientformer_l1"
).split()

_PEERS: dict[str, Callable[[], nn.Module]] = {
    **{name: partial(torchvision_model, name) for name in _FROM_TORCHVISION},
    "efficientnet_b1@240": partial(torchvision_model, "efficientnet_b1"),
    "efficientnet_b2@288": partial(torchvision_model, "efficientnet_b2"),
    "efficientnet_b4@224": partial(torchvision_model, "efficientnet_b4"),
    "efficientnet_b7@600": partial(torchvision_model, "efficientnet_b7"),
    "efficientnet_v2_s@384": partial(torchvision_model, "efficientnet_v2_s"),
    "swin_v2_t@256": partial(torchvision_model, "swin_v2_t"),
    "inception_v3_noaux@299": inception_v3,
    "googlenet_noaux": googlenet,
    "resnet18_fpn": resnet18_fpn,
    **{f"timm/{name}": partial(timm_model, name) for name in _FROM_TIMM},
    "albert-base-v2": hf_albert,
    "bart-base": hf_bart,
    "bert-base-uncased": hf_bert,
    "bert-base-mlm": partial(_transformers, "BertForMaskedLM", "BertConfig"),
    "clip-vit-base-patch32": partial(_transformers, "CLIPModel", "CLIPConfig"),
    "distilbert-base": partial(_transformers, "DistilBertModel", "DistilBertConfig"),
    "t5-small-encoder": partial(_transformers, "T5EncoderModel", "T5Config"),
    "t5-small": partial(_transformers, "T5ForConditionalGeneration", "T5Config"),
    "vit-hf-base": partial(_transformers, "ViTModel", "ViTConfig"),
    "gpt2": hf_gpt2,
    "llama-like-56M": hf_llama,
    "longformer-base-4096": hf_longformer,
    "mistral-like-53M": hf_mistral,
    "roberta-base": hf_roberta,
    "smollm2-135m": hf_smollm2,
    "whisper-tiny": partial(_transformers, "WhisperForConditionalGeneration", "WhisperConfig"),
    "whisper-tiny-encoder": hf_whisper,
    "mamba-130m": partial(hf_mamba, use_cache=False, num_hidden_layers=24, time_step_rank=48),
    "lenet5": reference_models.lenet5,
    "unet_31M": reference_models.unet,
    "lstm4_256_512": reference_models.lstm4,
    "gru2_128_256": reference_models.gru2,
    "mlp_784_512_512_10": reference_models.mlp,
    "siamese_omniglot": reference_models.siamese,
    "wide_deep": reference_models.wide_deep,
    "transformer_base_d512": reference_models.transformer_base,
    "pyg_gcn_16": partial(pyg_model, "GCN", hidden_channels=16),
    "pyg_sage_64": partial(pyg_model, "GraphSAGE", hidden_channels=64),
    "pyg_gat_8x8": partial(pyg_model, "GAT", hidden_channels=64, heads=8),
    "pyg_gatv2_8x8": partial(pyg_model, "GAT", hidden_channels=64, heads=8, v2=True),
    "pyg_pna_zinc": reference_models.pna_zinc,
    "pyg_gin_64": partial(pyg_model, "GIN", hidden_channels=64),
}

NAMES = tuple(_PEERS)


def peer(name: str) -> nn.Module:
    """The peer of a name in the reference numbers."""
    return _PEERS[name]()


def run(model: nn.Module, *inputs: Tensor) -> Tensor:
    """A peer's output as one tensor, without gradients."""
    import torch

    with torch.no_grad():
        output = model(*inputs)
    if hasattr(output, "logits"):
        output = output.logits
    elif hasattr(output, "last_hidden_state"):
        output = output.last_hidden_state
    return output[0] if isinstance(output, tuple) else output


def macs(model: nn.Module, *inputs: Tensor) -> int:
    """Multiply-accumulates as torch's own counter sees them, attention's products among them.

    The counter looks at operators, so attention must be spelled out: no fused kernel, no fast path.
    Of an LSTM it sees nothing on the CPU.
    """
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    fast_path = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
            run(model, *inputs)
    finally:
        torch.backends.mha.set_fastpath_enabled(fast_path)
    return int(counter.get_total_flops()) // 2
