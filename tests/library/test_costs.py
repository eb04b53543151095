"""What each block's example costs: a change of any of these is a change of the block."""

from __future__ import annotations

import pytest

from archdsl.cost import counts
from archdsl.types import shape
from tests.library.pages import NAMES, graph, page

# parameters, multiply-accumulates, what comes out
COSTS: dict[str, tuple[int, int, tuple[int, ...]]] = {
    "aspp": (66_688, 65_734_656, (32, 32, 32)),
    "bilstm": (10_752, 512_000, (50, 64)),
    "bottleneck": (55_488, 14_024_704, (256, 16, 16)),
    "cbam": (1_286, 985_600, (32, 32, 32)),
    "conformer": (97_088, 6_615_040, (64, 64)),
    "conv_bn_act": (928, 221_184, (32, 16, 16)),
    "convnext": (11_616, 722_944, (32, 8, 8)),
    "dense_block": (370_112, 375_062_528, (128, 16, 16)),
    "dense_layer": (47_232, 47_906_816, (96, 32, 32)),
    "depthwise_separable": (353, 56_064, (64, 16, 16)),
    "eca": (901, 884_896, (32, 32, 32)),
    "fire": (10_432, 10_534_912, (128, 32, 32)),
    "fused_mbconv": (11_376, 3_194_880, (24, 16, 16)),
    "gat_block": (6_784, 614_400, (100, 64)),
    "gcn_block": (6_528, 614_400, (100, 64)),
    "ghost": (256, 49_152, (32, 16, 16)),
    "gin_block": (14_848, 1_433_600, (100, 64)),
    "gpt_block": (99_968, 3_407_872, (32, 64)),
    "gru_stack": (64_128, 3_148_800, (64,)),
    "highway": (35_392, 34_816, (64,)),
    "inception": (124_752, 126_992_384, (256, 32, 32)),
    "inception_a": (261_280, 266_403_840, (256, 32, 32)),
    "inverted_residual": (5_584, 2_826_240, (24, 16, 16)),
    "llama_block": (92_416, 3_211_264, (32, 64)),
    "longformer_block": (49_984, 3_342_336, (64, 64)),
    "lstm_stack": (85_504, 4_198_400, (64,)),
    "mamba_block": (65_408, 2_064_384, (32, 64)),
    "mbconv": (6_452, 2_827_008, (24, 16, 16)),
    "mlp": (33_088, 1_048_576, (32, 64)),
    "mlp_mixer": (81_184, 1_376_256, (16, 64)),
    "patch_embed": (12_352, 196_608, (16, 64)),
    "patch_merging": (10_016, 229_376, (64, 4, 4)),
    "preact_basic": (38_918, 9_928_704, (64, 16, 16)),
    "preact_bottleneck": (54_470, 14_024_704, (256, 16, 16)),
    "residual": (90, 82_944, (3, 32, 32)),
    "resnet_basic": (39_168, 9_928_704, (64, 16, 16)),
    "resnet_stem": (9_536, 118_013_952, (64, 56, 56)),
    "resnext": (40_064, 10_158_080, (256, 16, 16)),
    "sage_block": (12_672, 1_228_800, (100, 64)),
    "se": (1_448, 885_248, (32, 32, 32)),
    "shuffle_unit": (4_584, 2_009_088, (48, 16, 16)),
    "swiglu": (33_024, 1_056_768, (32, 64)),
    "swin_block": (27_368, 1_802_240, (32, 8, 8)),
    "t5_block": (98_688, 3_407_872, (32, 64)),
    "t5_decoder_block": (70_016, 2_490_368, (32, 64)),
    "tcn_block": (22_816, 1_441_792, (64, 32)),
    "transformer_decoder": (70_912, 2_490_368, (32, 64)),
    "transformer_encoder": (99_968, 3_407_872, (32, 64)),
    "transition": (3_968, 3_866_624, (32, 16, 16)),
    "unet_double_conv": (38_848, 39_518_208, (64, 32, 32)),
    "unet_down": (16_752, 6_340_608, (32, 16, 16)),
    "unet_up": (25_792, 13_942_784, (16, 32, 32)),
    "vit_block": (112_320, 1_835_008, (16, 64)),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_example_costs_what_it_did(name: str) -> None:
    told = page(name)
    found = graph(told.example, told.data)
    assert (counts.params(found), counts.macs(found), shape(found.model.out)) == COSTS[name]
