"""Embeddings, attention and recurrent layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.types import Sequence
from tests.property.pen import Step, divisors
from tests.property.recipes import FEATURES, recipe

if TYPE_CHECKING:
    from archdsl.types import Image, TensorType, Tokens
    from tests.property.pen import Pen


@recipe("embedding", "tokens")
def embedding(pen: Pen, x: Tokens) -> Step:
    width = pen.among(2, 4, 6, 8)
    padding = "" if pen.chance(0.8) else ", padding=0"
    return Step(f"embedding({pen.number(width)}{padding})", Sequence(x.length, width))


@recipe("position_embedding", "sequence", keeps=True)
def position_embedding(pen: Pen, x: Sequence) -> Step:
    waves = x.features % 2 == 0 and pen.chance(0.5)
    kind = pen.option("kind", "sinusoidal" if waves else "learned", "learned")
    positions = "" if pen.chance(0.7) else f", positions={x.length + 3}"
    offset = "" if pen.chance(0.8) else ", offset=2"
    inner = f"{kind}{positions}{offset}".removeprefix(", ")
    return Step(f"position_embedding({inner})" if inner else "position_embedding", x)


@recipe("position_embedding", "image", keeps=True)
def positions_of_map(pen: Pen, x: Image) -> Step | None:
    """Waves of rows and of columns, added or by themselves."""
    if x.channels % 4:
        return None
    counted = pen.among("", ", offset=1", ", normalize=true")
    waves = f"position_embedding({pen.among('', 'kind=')}sinusoidal{counted})"
    return Step(pen.among(waves, waves, f"add(identity, constant(0) -> {waves})"), x)


@recipe("segment_embedding", "sequence", keeps=True)
def segment_embedding(pen: Pen, x: Sequence) -> Step:
    return Step(pen.among("position_embedding -> segment_embedding", "segment_embedding(3)"), x)


@recipe("attention", "sequence", keeps=True)
def attention(pen: Pen, x: Sequence) -> Step:
    heads = pen.among(*divisors(x.features))
    options = [pen.flag("bias", True)[0]]
    if pen.chance(0.3):
        options.append(f", kv_heads={pen.among(*divisors(heads))}")
    if pen.chance(0.3):
        options.append(f", head_width={pen.among(2, 4)}")
    even = "head_width" in "".join(options) or (x.features // heads) % 2 == 0
    options.append(pen.among("", "", ", causal=true", ", rotary=true" if even else ""))
    options.append(pen.among("", "", ", dropout=0.1", ", out_bias=false"))
    return Step(f"attention({pen.number(heads)}{''.join(options)})", x)


@recipe("attention", "sequence")
def attention_with_options(pen: Pen, x: Sequence) -> Step:
    """Widths, biases and norms of its own, and the ways to compare queries with keys."""
    heads = pen.among(*divisors(x.features))
    width = pen.among(2, 4)
    options = [
        f", head_width={width}",
        pen.among("", ", key_bias=false", ", bias=false, key_bias=true"),
    ]
    out = pen.among(x.features, 2, 6)
    options.append(pen.option("features", out, x.features))
    options.append(pen.option("value_width", pen.among(1, 3, width), width))
    options.append(pen.among("", ", qk_norm=rms_norm", ", qk_norm=layer_norm, eps=1e-6"))
    options.append(turning(pen, width))
    shared = pen.chance(0.3)
    options.append(f", kv_heads={pen.among(*divisors(heads))}" if shared else "")
    options.append(comparing(pen, x.length))
    if pen.chance(0.4):
        options.append(f", position_bias={position_bias(pen, heads)}")
    return Step(f"attention({pen.number(heads)}{''.join(options)})", Sequence(x.length, out))


@recipe("dot_product_attention", "sequence")
def dot_product_attention(pen: Pen, x: Sequence) -> Step:
    heads, width, value_width = pen.among(1, 2, 4), pen.among(1, 2, 4), pen.among(1, 2, 3)
    kv_heads = pen.among(*divisors(heads))
    turned = ""
    if width % 2 == 0 and pen.chance(0.3):
        turned = f" -> rotary_embedding({{}}{pen.among('', ', theta=500', ', rotary_width=2')})"
    q = f"linear({pen.number(heads * width)}){turned.format(heads)}"
    k = f"linear({kv_heads * width}){turned.format(kv_heads)}"
    v = f"linear({kv_heads * value_width}) -> {pen.among('relu', 'gelu', 'identity')}"
    shared = pen.option("kv_heads", kv_heads, heads)
    bias = f", position_bias={position_bias(pen, heads)}" if pen.chance(0.4) else ""
    rest = f"heads={heads}{shared}{comparing(pen, x.length)}{bias}"
    form = pen.among("{0}, {1}, {2}", "q={0}, k={1}, v={2}").format(q, k, v)
    return Step(f"dot_product_attention({form}, {rest})", Sequence(x.length, heads * value_width))


@recipe("dot_product_attention", "image")
def attention_on_map(pen: Pen, x: Image) -> Step | None:
    """Queries, keys and values of a picture's positions, with a bias by where they stand."""
    if x.height * x.width > 64:
        return None
    heads, width = pen.among(1, 2), pen.among(2, 3)
    kind = pen.among(
        *("relative_position_bias({})", "relative_position_bias({}, absolute=true)"),
        "continuous_position_bias({}, hidden=4)",
    )
    given = f"conv({heads * width}, 1) -> to_sequence"
    text = f"dot_product_attention({given}, {given} -> tanh, {given} -> relu, {heads}"
    text += f", position_bias={kind.format(heads)}{pen.among('', ', cosine=true', ', scale=1')})"
    return Step(text, Sequence(x.height * x.width, heads * width))


@recipe("fourier", *FEATURES, keeps=True)
def fourier(pen: Pen, x: TensorType) -> Step:
    axes = {"sequence": ["length"], "image": ["height", "width"], "volume": ["depth", "width"]}
    axis = pen.among("channels", *axes.get(x.kind, ["features"]))
    return Step(f"fourier{pen.among('', f'({axis})', f'(axis={axis})')}", x)


@recipe("rotary_embedding", "sequence", keeps=True)
def rotary_embedding(pen: Pen, x: Sequence) -> Step | None:
    if x.features % 2:
        return None
    heads = pen.among(*divisors(x.features // 2))
    return Step(f"rotary_embedding({pen.number(heads)}{pen.option('theta', 100, 10000)})", x)


@recipe("relative_position_bias", "sequence")
@recipe("bucketed_position_bias", "sequence")
@recipe("alibi", "sequence")
def bias_by_itself(pen: Pen, x: Sequence) -> Step | None:
    """A bias as a picture of its own, to be given to attention or to what takes pictures."""
    if x.length > 16:
        return None
    heads = pen.among(2, 3)
    text = position_bias(pen, heads)
    return Step(text, types.Image(heads, x.length, x.length))


@recipe("continuous_position_bias", "image")
def continuous_bias_by_itself(pen: Pen, x: Image) -> Step | None:
    places = x.height * x.width
    if places > 25:
        return None
    heads = pen.among(2, 3)
    text = f"continuous_position_bias({heads}, hidden={pen.number(4)})"
    return Step(text, types.Image(heads, places, places))


def turning(pen: Pen, width: int) -> str:
    """Rotary positions, or none."""
    part = pen.option("rotary_width", pen.among(2, width))
    return pen.among("", "", ", rotary=true", ", rotary=true, theta=500", f", rotary=true{part}")


def comparing(pen: Pen, length: int) -> str:
    """How queries are compared with keys, and which of them."""
    where = pen.among("", "", ", causal=true", ", reach=2", ", reach=1, causal=true")
    if "reach" in where and pen.chance(0.3):
        where += ", global_tokens=2"
    how = pen.among("", "", ", scale=0.5", ", cosine=true", ", softcap=5", ", sinks=true")
    return where + how + pen.among("", "", "", ", dropout=0.1")


def position_bias(pen: Pen, heads: int) -> str:
    """A bias of attention along a sequence."""
    return pen.among(
        *(f"alibi({heads})", f"bucketed_position_bias({heads})"),
        *(f"relative_position_bias({heads})", f"relative_position_bias({heads}, absolute=true)"),
        f"bucketed_position_bias({heads}, buckets=8, max_distance=9, causal=true)",
    )


@recipe("attention", "sequence", keeps=True)
def cross_attention(pen: Pen, x: Sequence) -> Step:
    norm = "layer_norm" if x.features > 1 else "tanh"
    memory = pen.among("linear(6)", "linear(4) -> tanh", norm, "x")
    if memory == "x" and not isinstance(pen.x, Sequence):
        memory = "identity"
    return Step(f"attention({pen.among(*divisors(x.features))}, memory={memory})", x)


@recipe("local_attention", "sequence", keeps=True)
def local_attention(pen: Pen, x: Sequence) -> Step:
    reach = pen.number(pen.among(1, 2, 3))
    more = pen.among("", ", causal=true", ", dropout=0.1", ", bias=false", ", global_tokens=1")
    return Step(f"local_attention({pen.among(*divisors(x.features))}, reach={reach}{more})", x)


@recipe("window_attention", "image", keeps=True)
def window_attention(pen: Pen, x: Image) -> Step:
    size = pen.among(2, 3)
    shift = pen.option("shift", pen.among(0, 1), 0)
    heads = pen.among(*divisors(x.channels))
    shift = pen.among(shift, shift, ", grid=true")
    how = pen.among("", ", cosine=true", ", scale=0.5")
    return Step(
        f"window_attention({heads}, {pen.number(size)}{shift}{how}{pen.flag('bias', True)[0]})", x
    )


@recipe("selective_scan", "sequence", keeps=True)
def selective_scan(pen: Pen, x: Sequence) -> Step:
    more = pen.option("rank", pen.among(1, 2, 3), 0) if pen.chance(0.5) else ""
    return Step(f"selective_scan({pen.number(pen.among(1, 2, 4))}{more})", x)


@recipe("lstm", "sequence")
@recipe("gru", "sequence")
@recipe("rnn", "sequence")
def recurrent(pen: Pen, x: Sequence) -> Step:
    width, layers = pen.among(2, 3, 4), pen.among(1, 1, 2)
    told, both = pen.flag("bidirectional", False)
    options = pen.option("layers", layers, 1) + told + pen.flag("bias", True)[0]
    options += ", dropout=0.1" if layers > 1 and pen.chance(0.3) else ""
    word = pen.among("lstm", "gru", "rnn")
    out = Sequence(x.length, width * (2 if both else 1))
    states = begun(pen, word, width, layers * (2 if both else 1)) if pen.chance(0.3) else ""
    return Step(f"{word}({pen.number(width)}{options}{states})", out)


def begun(pen: Pen, word: str, width: int, count: int) -> str:
    """The states that so many layers and directions begin with."""
    pooled = pen.among("mean_over", "last", "first -> tanh")
    made = f"{pooled} -> linear({count * width})"
    if count > 1:
        made += f" -> reshape({width}, length={count})"
    cell = pen.among(f", cell={made}", f", cell={made} -> zero") if word == "lstm" else ""
    return f", state={made}{cell}"
