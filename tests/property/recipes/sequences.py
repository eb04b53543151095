"""Embeddings, attention and recurrent layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import Sequence
from tests.property.pen import Step, divisors
from tests.property.recipes import recipe

if TYPE_CHECKING:
    from archdsl.types import Image, Tokens
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
    inner = f"{kind}{positions}".removeprefix(", ")
    return Step(f"position_embedding({inner})" if inner else "position_embedding", x)


@recipe("segment_embedding", "sequence", keeps=True)
def segment_embedding(pen: Pen, x: Sequence) -> Step:
    return Step(pen.among("segment_embedding", "segment_embedding(3)"), x)


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
    more = pen.among("", ", causal=true", ", dropout=0.1", ", bias=false")
    return Step(f"local_attention({pen.among(*divisors(x.features))}, reach={reach}{more})", x)


@recipe("window_attention", "image", keeps=True)
def window_attention(pen: Pen, x: Image) -> Step:
    size = pen.among(2, 3)
    shift = pen.option("shift", pen.among(0, 1), 0)
    heads = pen.among(*divisors(x.channels))
    return Step(
        f"window_attention({heads}, {pen.number(size)}{shift}{pen.flag('bias', True)[0]})", x
    )


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
    return Step(f"{word}({pen.number(width)}{options})", out)
