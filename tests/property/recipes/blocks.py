"""The library's blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import Image, Sequence, channels, with_channels
from tests.property.pen import Step, arguments, divisors
from tests.property.recipes import recipe

if TYPE_CHECKING:
    from archdsl.types import TensorType
    from tests.property.pen import Pen


def strided(x: Image, width: int, stride: int) -> Image:
    return (
        Image(width, (x.height + 1) // stride, (x.width + 1) // stride)
        if stride > 1
        else (Image(width, x.height, x.width))
    )


def halving(pen: Pen, x: Image) -> int:
    return pen.among(1, 1, 2) if min(x.height, x.width) > 2 else 1


@recipe("conv_bn_act", "image")
def conv_bn_act(pen: Pen, x: Image) -> Step:
    width, stride = pen.among(2, 4, 6), halving(pen, x)
    more = pen.option("act", pen.among("relu", "silu", "identity"), "relu")
    more += pen.option("norm", pen.among("batch_norm", "layer_norm"), "batch_norm")
    text = f"conv_bn_act({pen.number(width)}{pen.option('stride', stride, 1)}{more})"
    return Step(text, strided(x, width, stride))


@recipe("resnet_basic", "image")
@recipe("preact_basic", "image")
@recipe("preact_bottleneck", "image")
@recipe("bottleneck", "image")
@recipe("resnext", "image")
def residual_block(pen: Pen, x: Image) -> Step:
    word, expand, more = pen.among(
        ("resnet_basic", 1, pen.among("", ", act=gelu", ", attend=se(2)")),
        ("preact_basic", 1, pen.among("", ", norm=group_norm(1)")),
        ("preact_bottleneck", 4, ""),
        ("bottleneck", 4, pen.among("", ", groups=2", ", attend=se(4)")),
        ("resnext", 2, ", groups=2"),
    )
    width, stride = pen.among(2, 4), halving(pen, x)
    if channels(x) == 4 * expand and pen.chance(0.5):
        width, stride = 4, 1
    text = f"{word}({pen.number(width)}{pen.option('stride', stride, 1)}{more})"
    return Step(text, strided(x, width * expand, stride))


@recipe("inverted_residual", "image")
@recipe("mbconv", "image")
@recipe("fused_mbconv", "image")
def inverted(pen: Pen, x: Image) -> Step:
    word = pen.among("inverted_residual", "mbconv", "fused_mbconv")
    width, stride = pen.among(2, 4, x.channels), halving(pen, x)
    expand = pen.option("expand", pen.among(1, 2, 3), 9)
    kernel = pen.option("kernel", pen.among(3, 5), 3)
    text = f"{word}({pen.number(width)}{expand}{kernel}{pen.option('stride', stride, 1)})"
    return Step(text, strided(x, width, stride))


@recipe("depthwise_separable", "image")
@recipe("ghost", "image")
def cheap(pen: Pen, x: Image) -> Step:
    word = pen.among("depthwise_separable", "ghost")
    width = pen.among(2, 4, 6)
    stride = halving(pen, x) if word == "depthwise_separable" else 1
    text = f"{word}({pen.number(width)}{pen.option('stride', stride, 1)})"
    return Step(text, strided(x, width, stride))


@recipe("shuffle_unit", "image")
def shuffle_unit(pen: Pen, x: Image) -> Step:
    if x.channels % 2 == 0 and pen.chance(0.5):
        return Step(f"shuffle_unit({pen.number(x.channels)})", x)
    if min(x.height, x.width) < 3:
        return Step(f"(conv(4, 1) -> shuffle_unit({pen.number(4)}))", x._replace(channels=4))
    return Step("shuffle_unit(6, stride=2)", strided(x, 6, 2))


@recipe("resnet_stem", "image")
def resnet_stem(pen: Pen, x: Image) -> Step | None:
    if min(x.height, x.width) < 5:
        return None
    return Step(f"resnet_stem({pen.number(4)})", strided(strided(x, 4, 2), 4, 2))


@recipe("inception", "image")
@recipe("inception_a", "image")
def inception(pen: Pen, x: Image) -> Step:
    if pen.chance(0.2):
        return Step("(inception_a(2) -> slice(220))", x._replace(channels=64 + 64 + 96 + 2 - 220))
    return Step(f"inception({pen.number(2)}, 1, 2, 1, 2, pooled=1)", x._replace(channels=7))


@recipe("dense_layer", "image")
@recipe("dense_block", "image")
@recipe("fire", "image")
@recipe("transition", "image")
@recipe("aspp", "image")
def widening(pen: Pen, x: Image) -> Step:
    options = [
        ("dense_layer(2, waist=4)", x.channels + 2),
        (f"dense_block({pen.number(3)}, growth=2)", x.channels + 6),
        (f"fire({pen.number(2)}, 3)", 6),
        ("aspp(3, near=1, mid=2, far=3)", 3),
    ]
    if min(x.height, x.width) > 1 and x.channels > 1:
        out = Image(x.channels // 2, x.height // 2, x.width // 2)
        options += [("transition", out)]
    if x.height != x.width:
        options.pop(3)  # it upsamples by both extents; its page shows that
    text, out = pen.among(*options)
    return Step(text, out if isinstance(out, Image) else x._replace(channels=out))


@recipe("se", "image", keeps=True)
@recipe("eca", "image", keeps=True)
@recipe("cbam", "image", keeps=True)
@recipe("convnext", "image", keeps=True)
def gated(pen: Pen, x: Image) -> Step:
    cbam = pen.among("cbam", "cbam(2, kernel=3)")
    return Step(pen.among("se", "se(2)", "se(squeeze=3)", "eca", cbam, "convnext(3)"), x)


@recipe("highway", "vector", "sequence", keeps=True)
def highway(pen: Pen, x: TensorType) -> Step:
    return Step(f"highway(linear({pen.number(channels(x))}) -> relu)", x)


@recipe("mlp", "vector", "sequence", keeps=True)
@recipe("swiglu", "vector", "sequence", keeps=True)
def feed(pen: Pen, x: TensorType) -> Step:
    return Step(pen.among("mlp", f"mlp({pen.width()}, act=relu)", f"swiglu({pen.width()})"), x)


TRANSFORMERS = (
    "transformer_encoder vit_block gpt_block llama_block conformer transformer_decoder"
    " longformer_block mlp_mixer"
).split()


def transformer(pen: Pen, x: Sequence) -> Step:
    heads = pen.among(*divisors(x.features))
    odd = (x.features // heads) % 2
    word = pen.among(*[w for w in TRANSFORMERS if w != "llama_block" or not odd])
    forms = {
        "conformer": f"conformer({heads}, kernel=3)",
        "transformer_decoder": f"transformer_decoder({pen.among('linear(4)', 'tanh')}, {heads})",
        "longformer_block": f"longformer_block({heads}, 2)",
        "mlp_mixer": f"mlp_mixer({pen.width()}, channels={pen.width()})",
        "transformer_encoder": f"transformer_encoder({heads}{pen.flag('norm_first', True)[0]})",
    }
    return Step(forms.get(word, f"{word}({heads}, hidden={pen.width()})"), x)


for _word in (*TRANSFORMERS, *TRANSFORMERS):  # often enough for each to be met
    recipe(_word, "sequence", keeps=True)(transformer)


@recipe("mamba_block", "sequence", keeps=True)
@recipe("mamba_block", "sequence", keeps=True)
def mamba_block(pen: Pen, x: Sequence) -> Step:
    options = pen.option("state", pen.among(1, 2, 4), 16) + pen.option("kernel", pen.among(2, 4), 4)
    options += pen.option("expand", pen.among(1, 2), 2)
    options += pen.among("", "", f", rank={pen.number(2)}")
    return Step(f"mamba_block{arguments(options)}", x)


@recipe("t5_block", "sequence", keeps=True)
@recipe("t5_decoder_block", "sequence", keeps=True)
def t5(pen: Pen, x: Sequence) -> Step:
    """With a bias of its own, or any picture of positions by positions that has a name."""
    heads = pen.among(*divisors(x.features))
    one_way = pen.chance(0.5)
    bias = f"bucketed_position_bias({heads}{', causal=true' if one_way else ''})"
    pictures = [n for n, kind in pen.tensors.items() if kind == Image(heads, x.length, x.length)]
    given = f"{pen.among(bias, *pictures)}, {pen.number(heads)}"
    options = pen.option("head_width", pen.among(1, 2, 3)) if pen.chance(0.3) else ""
    options += f", hidden={pen.width()}" if pen.chance(0.6) else ""
    options += pen.among("", ", drop=0", ", drop=0.2") + pen.flag("gated", False)[0]
    if one_way:
        memory = pen.among("linear(3)", "tanh", "layer_norm")
        return Step(f"t5_decoder_block({memory}, {given}{options})", x)
    return Step(f"t5_block({given}{options})", x)


@recipe("swin_block", "image", keeps=True)
def swin_block(pen: Pen, x: Image) -> Step:
    window = pen.among(2, 3, 4)
    options = pen.option("shift", pen.among(0, window // 2), 0)
    options += f", hidden={pen.width()}" if pen.chance(0.5) else ""
    options += pen.among("", "", ", path=0.1")
    heads = pen.among(*divisors(x.channels))
    return Step(f"swin_block({pen.number(heads)}, window={pen.number(window)}{options})", x)


@recipe("patch_merging", "image")
def patch_merging(pen: Pen, x: Image) -> Step:
    """Odd sides are filled up; twice the channels unless told."""
    width = pen.among(2 * x.channels, 2, 3)
    told = "" if width == 2 * x.channels and pen.chance(0.7) else f"({pen.number(width)})"
    out = Image(width, -(-x.height // 2), -(-x.width // 2))
    return Step(f"patch_merging{told}", out)


@recipe("bilstm", "sequence")
@recipe("gru_stack", "sequence")
@recipe("lstm_stack", "sequence")
def stack(pen: Pen, x: Sequence) -> Step:
    word, factor = pen.among(("bilstm", 2), ("gru_stack", 1), ("lstm_stack", 1))
    text = f"{word}({pen.number(2)}, layers={pen.among(1, 2)}, drop={pen.among('0', '0.2')})"
    return Step(text, Sequence(x.length, 2 * factor))


@recipe("tcn_block", "sequence")
def tcn_block(pen: Pen, x: Sequence) -> Step:
    width = pen.among(2, 4, x.features)
    return Step(
        f"tcn_block({pen.number(width)}, dilation={pen.among(1, 2)})", with_channels(x, width)
    )


@recipe("patch_embed", "image")
def patch_embed(pen: Pen, x: Image) -> Step | None:
    if min(x.height, x.width) < 2:
        return None
    length = (x.height // 2) * (x.width // 2)
    return Step(f"patch_embed({pen.number(4)}, patch=2)", Sequence(length, 4))


@recipe("unet_double_conv", "image")
@recipe("unet_down", "image")
@recipe("unet_up", "image")
def unet(pen: Pen, x: Image) -> Step:
    options = [Step(f"unet_double_conv({pen.number(3)})", x._replace(channels=3))]
    if min(x.height, x.width) > 1:
        options.append(Step("unet_down(4)", Image(4, x.height // 2, x.width // 2)))
    if x.height <= 6 and x.width <= 6 and x.channels > 1:
        up = Step("unet_up(upsample -> conv(2, 1), 3)", Image(3, x.height * 2, x.width * 2))
        options += [up] * 3  # it seldom fits
    return pen.among(*options)
